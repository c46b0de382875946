import { ensureBaseImage } from "@/adapters/builder/base-image";
import { dockerBuilder } from "@/adapters/builder/docker";
import type { Deps } from "@/server/deps";
import type { PipelineEnd } from "@/server/store/pipeline";
import { endPipeline } from "@/server/store/pipeline";
import { ensureCheckout, removeWork } from "@/workflows/activities/checkout";
import { readManifest } from "@/workflows/activities/manifest-file";
import { type PipelineActivityDeps, runStep } from "@/workflows/activities/pipeline-step";
import { buildImage, publishImage } from "@/workflows/activities/publish-image";
import { beginRollout, recordPipelineRelease } from "@/workflows/activities/release";
import { runTests } from "@/workflows/activities/test-run";

export type PipelineActivities = ReturnType<typeof pipelineActivities>;

/** The activities of the task queue `builds`, on the engine at DOCKER_HOST. */
export function createPipelineActivities(
	deps: Pick<Deps, "database" | "env" | "log">,
	dockerHost = process.env.DOCKER_HOST ?? "unix:///var/run/docker.sock",
): PipelineActivities {
	const { database, env, log } = deps;
	return pipelineActivities({
		database,
		env,
		log,
		builder: dockerBuilder({ dockerHost, installation: env.installation.id }),
		ensureBase: async (name, onProgress) =>
			(await ensureBaseImage({ name, dockerHost, registry: env.registry, onProgress })).reference,
	});
}

/** With any builder; the tests have one that builds nothing. */
export function pipelineActivities(deps: PipelineActivityDeps) {
	return {
		checkoutPipeline: (id: string): Promise<null> =>
			runStep(deps, id, "checkout", async (context) => {
				context.say(`${context.source.commit} ${context.source.commitMessage}`);
				await ensureCheckout(deps, context.source, context.signal);
				const { service } = await readManifest(deps, context);
				return { state: "passed", message: `service ${service}`, value: null };
			}),
		testPipeline: (id: string): Promise<null> => runStep(deps, id, "test", (context) => runTests(deps, context)),
		buildPipeline: (id: string): Promise<null> => runStep(deps, id, "build", (context) => buildImage(deps, context)),
		publishPipeline: (id: string): Promise<{ digest: string }> =>
			runStep(deps, id, "push", (context) => publishImage(deps, context)),
		releasePipeline: (id: string, digest: string): Promise<null> =>
			runStep(deps, id, "release", (context) => recordPipelineRelease(deps, context, digest)),
		rolloutPipeline: (id: string): Promise<null> => runStep(deps, id, "rollout", (context) => beginRollout(deps, context)),
		async finishPipeline(id: string, end: PipelineEnd): Promise<void> {
			await deps.builder.clear(id).catch(() => {});
			removeWork(deps, id);
			await deps.database.$transaction((tx) => endPipeline(tx, id, end, new Date()));
		},
	};
}
