import {
	cpSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { AppError } from "@/domain/errors";
import { tryCommand } from "./command";
import { fingerprintOfSources } from "./fingerprint";
import { underLock } from "./lock";
import { withServers } from "./servers";
import { ownEnvironment, port, type Setup, service } from "./setup";
import type { ComponentSpec } from "./supervisor/spec";

/**
 * The portal is built in the checkout and runs from a copy in the home, named by the hash of its sources: a build for
 * a test installation, or after a pull, never changes the files under a portal that runs.
 */
const sources = [
	...["app", "components", "server", "domain", "messages", "adapters", "prisma", "workflows", "public"],
	...["next.config.ts", "proxy.ts", "postcss.config.mjs", "package-lock.json", "tsconfig.json"],
];
/** Read by `next start` beside the build. */
const beside = ["node_modules", "package.json", "next.config.ts", "tsconfig.json", "public", "messages", "templates"];

function sourceHash(root: string): string {
	return fingerprintOfSources(root, sources);
}

function portalDirectory(home: string, hash: string): string {
	return `${home}/portal/${hash}`;
}

const nextProgram = (root: string) => [process.execPath, `${root}/node_modules/next/dist/bin/next`];

/** Builds when the sources differ from the last build's. */
export async function preparePortal(setup: Pick<Setup, "root" | "home">, note: (detail: string) => void): Promise<void> {
	const hash = sourceHash(setup.root);
	if (existsSync(portalDirectory(setup.home, hash))) return;
	await underLock(
		`sluice-portal-build-${setup.root}`.slice(0, 100),
		String(process.pid),
		"Another `sluice up` builds the portal in this checkout: wait for it and run this again.",
		async () => {
			if (readStamp(setup.root) !== hash) await build(setup.root, hash, note);
			install(setup.root, setup.home, hash);
		},
	);
}

const stampFile = (root: string) => `${root}/.next/sluice-sources`;

function readStamp(root: string): string | null {
	return existsSync(stampFile(root)) ? readFileSync(stampFile(root), "utf8") : null;
}

async function build(root: string, hash: string, note: (detail: string) => void): Promise<void> {
	rmSync(stampFile(root), { force: true });
	// What `next dev` generated is part of the type check, and does not pass it.
	rmSync(`${root}/.next/dev/types`, { recursive: true, force: true });
	const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production", CI: "1" };
	const output: string[] = [];
	const onLine = (line: string) => {
		output.push(line);
		note(line.trim());
	};
	const result = await tryCommand([...nextProgram(root), "build"], { cwd: root, env, onLine, timeoutMs: 900_000 });
	if (result.code !== 0) throw new AppError("unavailable", `The portal cannot be built:\n${reasonOf(output)}`);
	if (sourceHash(root) !== hash) {
		throw new AppError("conflict", "The portal's sources changed while it was built: run this again.");
	}
	writeFileSync(stampFile(root), hash);
}

/** Warnings come after the errors in Next's output: the lines that name one, else its last words. */
function reasonOf(output: readonly string[]): string {
	const errors = output.filter((line) => /error|⨯/i.test(line));
	return (errors.length > 0 ? errors.slice(0, 10) : output.slice(-10)).join("\n");
}

function install(root: string, home: string, hash: string): void {
	const target = portalDirectory(home, hash);
	const work = `${target}.new`;
	rmSync(work, { recursive: true, force: true });
	mkdirSync(work, { recursive: true });
	cpSync(`${root}/.next`, `${work}/.next`, {
		recursive: true,
		verbatimSymlinks: true,
		filter: (path) => !/\/\.next\/(cache|dev|trace)/.test(path),
	});
	for (const name of beside.filter((name) => existsSync(`${root}/${name}`))) symlinkSync(`${root}/${name}`, `${work}/${name}`);
	renameSync(work, target);
}

/** Copies of earlier builds; called when the portal of this build runs. */
export function removeOldPortals(setup: Pick<Setup, "root" | "home">): void {
	const current = sourceHash(setup.root);
	if (!existsSync(`${setup.home}/portal`)) return;
	for (const name of readdirSync(`${setup.home}/portal`)) {
		if (name !== current) rmSync(`${setup.home}/portal/${name}`, { recursive: true, force: true });
	}
}

export function portal(setup: Setup): ComponentSpec {
	const hash = sourceHash(setup.root);
	const address = port(setup, "portal");
	return service(setup, "portal", {
		argv: [...nextProgram(setup.root), "start", "--port", String(address), "--hostname", "127.0.0.1"],
		cwd: portalDirectory(setup.home, hash),
		env: { ...ownEnvironment(setup), NEXT_TELEMETRY_DISABLED: "1" },
		after: ["bootstrap"],
		ready: { kind: "http", url: `http://127.0.0.1:${address}/api/health` },
		fingerprint: withServers(setup, `${hash}:${address}`),
	});
}
