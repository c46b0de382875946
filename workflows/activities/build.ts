import { readFileSync } from "node:fs";
import { join } from "node:path";
import { hostBuildSecrets } from "@/adapters/builder/host-settings";
import type { BuildRequest, BuildResult } from "@/adapters/builder/port";
import type { ManifestBuild } from "@/domain/manifest/model";
import { missingSentence } from "@/domain/pipeline/base-substitute";
import { explainBuildFailure } from "@/domain/pipeline/build-failure";
import { withWrittenInstructions } from "@/domain/pipeline/older-front-end";
import { withWrittenLines } from "@/domain/pipeline/replaced-images";
import { type BuildDockerfile, prepareDockerfile } from "@/workflows/activities/build-dockerfile";
import { ensureCheckout, insideCheckout, workFolder } from "@/workflows/activities/checkout";
import { type PipelineActivityDeps, type StepContext, StepFailure } from "@/workflows/activities/pipeline-step";

export interface ImageWanted {
	readonly build: Omit<ManifestBuild, "target">;
	readonly target: string | null;
	readonly tag: string | null;
}

export interface BuiltStage {
	readonly image: string;
	/** As it was pushed. */
	readonly dockerfile: string;
	readonly arguments: Readonly<Record<string, string>>;
	/** Images that could not be fetched, and what was taken instead. */
	readonly replaced: readonly { readonly asked: string; readonly reference: string }[];
}

/** Builds one stage of the pipeline's checkout. Throws StepFailure with the place. */
export async function buildStage(deps: PipelineActivityDeps, context: StepContext, wanted: ImageWanted): Promise<BuiltStage> {
	const files = await ensureCheckout(deps, context.source, context.signal);
	const folder = insideCheckout(files, wanted.build.context, "The build's context");
	const pushed = insideCheckout(files, wanted.build.dockerfile, "The Dockerfile");
	const text = readFileSync(pushed, "utf8");
	const { target, tag } = wanted;
	const { dockerfile: path, baseImages } = wanted.build;
	const prepared = await prepareDockerfile(deps, context, { file: pushed, path, text, target, baseImages });
	context.signal.throwIfAborted();
	const { file: dockerfile, replacements, older } = prepared;
	const secrets = await hostBuildSecrets(join(workFolder(deps, context.source.id), "secrets"));
	const request = { context: folder, dockerfile, target, tag, arguments: prepared.arguments, secrets };
	const result = await buildWithFiles(deps, request, context, older);
	const replaced = replacements.map(({ image, reference }) => ({ asked: image.reference, reference }));
	if (result.isBuilt) return { image: result.image, dockerfile: text, arguments: prepared.arguments, replaced };
	const output = withWrittenInstructions(withWrittenLines(result.output, text, replacements), older);
	const reason = explainBuildFailure(output, { file: wanted.build.dockerfile, text });
	const hint = /resolve|pull access|no such host/i.test(reason) ? missingSentence(prepared.missing) : "";
	throw new StepFailure(`${reason}${hint}`);
}

/** What heredocs hold lies in an image of the build's own, for as long as the build takes. */
async function buildWithFiles(
	{ builder }: PipelineActivityDeps,
	request: BuildRequest,
	{ output, signal }: StepContext,
	{ image, files }: BuildDockerfile["older"],
): Promise<BuildResult> {
	if (files.length === 0) return builder.build(request, output, signal);
	try {
		await builder.importFiles(image, files);
		return await builder.build(request, output, signal);
	} finally {
		await builder.removeImage(image);
	}
}
