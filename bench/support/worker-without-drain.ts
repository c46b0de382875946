/**
 * A worker for the bench only: it reads every draining instance as drained on every proxy, so an old instance is
 * stopped at once, with its requests. The checker must find what that costs; no production code has such a switch.
 */
import { quietSamplesNeeded, type RolloutObservation } from "@/domain/rollout/observation";
import { readEnv } from "@/server/env";
import { observeRollout } from "@/server/store/rollout-observation";
import { createRolloutActivities } from "@/workflows/activities/rollout";
import { runWorker } from "@/workflows/run-worker";

function drainedAtOnce(observation: RolloutObservation): RolloutObservation {
	const quiet = observation.proxies.map((proxy) => ({
		proxy: proxy.id,
		health: "healthy" as const,
		draining: true,
		active: 0,
		quietSamples: quietSamplesNeeded,
	}));
	const instances = observation.instances.map((instance) =>
		instance.phase === "draining" ? { ...instance, endpoints: quiet } : instance,
	);
	return { ...observation, instances };
}

const stop = new AbortController();
for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => stop.abort());

await runWorker({
	env: readEnv(),
	signal: stop.signal,
	activities: (deps) =>
		createRolloutActivities({
			...deps,
			observe: async (rollout) => drainedAtOnce(await observeRollout(deps.database, rollout)),
		}),
});
