import { readdir, readFile } from "node:fs/promises";
import type { Env } from "@/server/env";
import type { PlatformComponent } from "@/server/views";

interface SupervisorFile {
	readonly components: readonly {
		readonly name: string;
		readonly kind: "service" | "task";
		readonly phase: string;
		readonly restarts: number;
		readonly lastExit: string | null;
		readonly since: number;
	}[];
}

/** What the supervisors of this machine last wrote about what they keep running. */
export async function readPlatform(env: Pick<Env, "paths">): Promise<PlatformComponent[]> {
	const files = (await readdir(env.paths.run)).filter((file) => file.endsWith(".status.json")).sort();
	const parts = await Promise.all(
		files.map(async (file) => JSON.parse(await readFile(`${env.paths.run}/${file}`, "utf8")) as SupervisorFile),
	);
	const components = parts.flatMap((part) => part.components);
	const hasCharts = components.some(({ name }) => name === "prometheus");
	const known = components
		.filter((component) => component.kind === "service")
		.map(({ name, phase, restarts, lastExit, since }) => ({
			name,
			state: stateOf(phase),
			restarts,
			since: new Date(since),
			// Ended on purpose, as by `sluice up`, is no news.
			detail: phase === "ready" && restarts === 0 ? null : lastExit,
		}));
	return hasCharts ? known : [...known, chartsAbsent];
}

const chartsAbsent: PlatformComponent = {
	name: "prometheus",
	state: "absent",
	restarts: 0,
	since: null,
	detail: "Its program could not be fetched, and all else works without it. `sluice up` tries again.",
};

function stateOf(phase: string): PlatformComponent["state"] {
	if (phase === "ready") return "running";
	if (phase === "starting" || phase === "waiting") return "starting";
	return phase === "backing-off" ? "restarting" : "stopped";
}
