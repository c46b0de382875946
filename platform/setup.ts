import { fileURLToPath } from "node:url";
import { type Installation, type PortName, portOf } from "@/domain/installation";
import type { ComponentSpec } from "./supervisor/spec";

/** What every component's file needs to describe itself. */
export interface Setup {
	/** The checkout. */
	readonly root: string;
	readonly home: string;
	readonly installation: Installation;
	/** Programs that were fetched, by path. */
	readonly programs: {
		readonly temporal: string;
		readonly envoy: string;
		readonly registry: string;
		/** null = it could not be fetched: everything but its charts works without it. */
		readonly prometheus: string | null;
	};
}

export const checkout = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");

export function port(setup: Setup, name: PortName): number {
	return portOf(setup.installation.portBase, name);
}

/** The argv of one of our own programs: the pinned Node 24 with tsx, in one process. */
export function ownProgram(root: string, file: string, ...rest: string[]): string[] {
	const loader = `file://${root}/node_modules/tsx/dist/loader.mjs`;
	return [process.execPath, "--disable-warning=ExperimentalWarning", "--import", loader, `${root}/${file}`, ...rest];
}

/** Our own processes find everything else by SLUICE_HOME; see server/env.ts. */
export function ownEnvironment(setup: Pick<Setup, "root" | "home">): Record<string, string> {
	return {
		SLUICE_HOME: setup.home,
		NODE_ENV: "production",
		TSX_TSCONFIG_PATH: `${setup.root}/tsconfig.json`,
		PATH: `${nodeFolder()}:${process.env.PATH ?? "/usr/bin:/bin"}:/usr/sbin:/sbin`,
	};
}

function nodeFolder(): string {
	return process.execPath.slice(0, process.execPath.lastIndexOf("/"));
}

/** What most components have in common. */
export function service(
	setup: Setup,
	name: string,
	given: Pick<ComponentSpec, "argv" | "ready" | "fingerprint"> & Partial<ComponentSpec>,
): ComponentSpec {
	return {
		name,
		kind: "service",
		cwd: setup.root,
		env: {},
		inherit: [],
		user: null,
		after: [],
		outlives: [],
		staleFiles: [],
		stop: { signal: "SIGTERM", deadlineMs: 15_000 },
		drain: null,
		takesTurnsWith: [],
		...given,
	};
}
