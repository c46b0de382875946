/**
 * The whole worker, in a process of its own to be killed, whose builder builds nothing: everything else (checkout,
 * manifest, release, rollout) is real. The file `hold` in the home makes tests wait, `fail` makes them fail.
 */
import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import type { Builder } from "@/adapters/builder/port";
import { readEnv } from "@/server/env";
import { pipelineActivities } from "@/workflows/activities/pipeline";
import { runWorker } from "@/workflows/run-worker";

const env = readEnv();
const builder: Builder = {
	build: async () => ({ isBuilt: true, image: "nothing" }),
	async run(_request, _output, signal) {
		while (existsSync(`${env.home}/hold`)) await pause(20, undefined, { signal });
		return { kind: "exited", code: existsSync(`${env.home}/fail`) ? 1 : 0 };
	},
	publish: async (tag) => ({ digest: `sha256:${(tag.split(":").at(-1) ?? "").padStart(64, "0")}` }),
	clear: async () => {},
	removeImage: async () => {},
	inspect: async (_build, image) => ({ id: image, engine: "none", packages: [], present: [], problem: null }),
	imageId: async () => null,
	engine: async () => "none",
	importFiles: async () => {},
	resolve: async () => "found",
};

const stop = new AbortController();
for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => stop.abort());
await runWorker({
	env,
	signal: stop.signal,
	pipelines: ({ database, log }) => pipelineActivities({ database, env, log, builder, ensureBase: async () => "nothing" }),
});
