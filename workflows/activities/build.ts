import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hostBuildSecrets } from "@/adapters/builder/host-settings";
import { adviceWithoutHub, wantedBaseImages } from "@/domain/pipeline/base-image";
import { explainBuildFailure } from "@/domain/pipeline/build-failure";
import { syntaxImage, withoutSyntax } from "@/domain/pipeline/dockerfile";
import { ensureCheckout, insideCheckout, workFolder } from "@/workflows/activities/checkout";
import { type PipelineActivityDeps, type StepContext, StepFailure } from "@/workflows/activities/pipeline-step";

export interface ImageWanted {
	readonly build: { readonly context: string; readonly dockerfile: string };
	readonly target: string | null;
	readonly tag: string | null;
}

const hub = "node:24-bookworm-slim";
const hubAnswerMs = 60_000;

export interface BuiltStage {
	readonly image: string;
	/** As it was pushed. */
	readonly dockerfile: string;
	readonly arguments: Readonly<Record<string, string>>;
}

/** Builds one stage of the pipeline's checkout. Throws StepFailure with the place. */
export async function buildStage(deps: PipelineActivityDeps, context: StepContext, wanted: ImageWanted): Promise<BuiltStage> {
	const files = await ensureCheckout(deps, context.source, context.signal);
	const folder = insideCheckout(files, wanted.build.context, "The build's context");
	const dockerfile = insideCheckout(files, wanted.build.dockerfile, "The Dockerfile");
	const text = readFileSync(dockerfile, "utf8");
	const given: Record<string, string> = {};
	const isHubThere = await canReachHub(deps);
	if (!isHubThere) {
		dropSyntax(dockerfile, text, context);
		for (const { name, argument } of wantedBaseImages(text)) {
			const base = await deps.ensureBase(name, context.say);
			given[argument] = base;
			context.say(`Docker Hub cannot be reached: ${argument} is ${base}.`);
		}
	}
	context.signal.throwIfAborted();
	const secrets = await hostBuildSecrets(join(workFolder(deps, context.source.id), "secrets"));
	const request = { context: folder, dockerfile, target: wanted.target, tag: wanted.tag, arguments: given, secrets };
	const result = await deps.builder.build(request, context.output, context.signal);
	if (result.isBuilt) return { image: result.image, dockerfile: text, arguments: given };
	const reason = explainBuildFailure(result.output, { file: wanted.build.dockerfile, text });
	const hint = isHubThere ? "" : adviceWithoutHub(text);
	throw new StepFailure(`${reason}${/resolve|pull access|no such host/i.test(reason) ? hint : ""}`);
}

/** The directive makes BuildKit fetch its own front end: without a hub the built-in one does, in the build's own copy. */
function dropSyntax(dockerfile: string, text: string, context: StepContext): void {
	const image = syntaxImage(text);
	if (!image) return;
	context.say(
		`"# syntax=${image}" asks Docker Hub for that image, which cannot be reached: the line is left out of this build's copy, and the engine's own version is used.`,
	);
	writeFileSync(dockerfile, withoutSyntax(text));
}

let hubAnswer: { readonly isThere: Promise<boolean>; readonly until: number } | null = null;

/** Asked of the engine, which is the one that pulls; the answer is good for a minute. */
function canReachHub(deps: PipelineActivityDeps): Promise<boolean> {
	if (hubAnswer === null || hubAnswer.until < Date.now()) {
		hubAnswer = { isThere: deps.builder.canResolve(hub), until: Date.now() + hubAnswerMs };
	}
	return hubAnswer.isThere;
}
