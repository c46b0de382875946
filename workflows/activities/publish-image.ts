import type { PipelineSource } from "@/domain/pipeline/model";
import { buildStage } from "@/workflows/activities/build";
import { recordBuild } from "@/workflows/activities/build-record";
import { ensureCheckout } from "@/workflows/activities/checkout";
import { readManifest } from "@/workflows/activities/manifest-file";
import type { PipelineActivityDeps, StepContext, StepResult } from "@/workflows/activities/pipeline-step";

/** One tag per commit: building again gives the same name. */
function imageTag(deps: PipelineActivityDeps, source: PipelineSource): string {
	return `${deps.env.registry}/${source.repository}:${source.commit}`;
}

export async function buildImage(deps: PipelineActivityDeps, context: StepContext): Promise<StepResult<null>> {
	await ensureCheckout(deps, context.source, context.signal);
	const manifest = await readManifest(deps, context);
	const build = manifest.build ?? { context: ".", dockerfile: "Dockerfile", target: null };
	const startedAt = new Date();
	const built = await buildStage(deps, context, { build, target: build.target, tag: imageTag(deps, context.source) });
	const { dockerfile: text, ...made } = built;
	const times = { startedAt, endedAt: new Date() };
	await recordBuild(deps, context, { ...build, ...made, path: build.dockerfile, text, ...times });
	return { state: "passed", message: null, value: null };
}

export async function publishImage(deps: PipelineActivityDeps, context: StepContext): Promise<StepResult<{ digest: string }>> {
	const value = await deps.builder.publish(imageTag(deps, context.source), context.output, context.signal);
	return { state: "passed", message: `${context.source.repository}@${value.digest}`, value };
}
