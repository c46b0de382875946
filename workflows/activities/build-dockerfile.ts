import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { wantedBaseImages } from "@/domain/pipeline/base-image";
import { substituteFor, substituteSentence } from "@/domain/pipeline/base-substitute";
import { syntaxImage, withoutSyntax } from "@/domain/pipeline/dockerfile";
import { namedImages } from "@/domain/pipeline/named-images";
import { type Replacement, withReplacements } from "@/domain/pipeline/replaced-images";
import { workFolder } from "@/workflows/activities/checkout";
import { resolveImage } from "@/workflows/activities/foreign-image";
import type { PipelineActivityDeps, StepContext } from "@/workflows/activities/pipeline-step";

/** What a Dockerfile becomes where its images cannot be fetched. The checkout's own file stays as it was pushed. */
export interface BuildDockerfile {
	/** The one to build with: the pushed one, or a copy of it outside the checkout. */
	readonly file: string;
	readonly arguments: Readonly<Record<string, string>>;
	readonly replacements: readonly Replacement[];
	/** Images that no registry gives and that no base of ours stands for. */
	readonly missing: readonly string[];
}

const hub = "node:24-bookworm-slim";

export async function prepareDockerfile(
	deps: PipelineActivityDeps,
	context: StepContext,
	pushed: { readonly file: string; readonly text: string; readonly target: string | null },
): Promise<BuildDockerfile> {
	const isHubThere = (await resolveImage(deps, hub)) === "found";
	const given = isHubThere ? {} : await ownBases(deps, context, pushed.text);
	const { replacements, missing } = await replaceImages(deps, context, pushed, given);
	// The places of the images are those in the pushed text.
	const replaced = withReplacements(pushed.text, replacements);
	const text = isHubThere ? replaced : localSyntax(replaced, context);
	const file = text === pushed.text ? pushed.file : writeCopy(workFolder(deps, context.source.id), pushed.file, text);
	return { file, arguments: given, replacements, missing };
}

/** For the arguments by which a Dockerfile asks for a base of ours. */
async function ownBases(deps: PipelineActivityDeps, context: StepContext, text: string): Promise<Record<string, string>> {
	const given: Record<string, string> = {};
	for (const { name, argument } of wantedBaseImages(text)) {
		const base = await deps.ensureBase(name, context.say);
		given[argument] = base;
		context.say(`Docker Hub cannot be reached: ${argument} is ${base}.`);
	}
	return given;
}

/** Only for images of which no registry says anything: one that refuses an image must be asked otherwise. */
async function replaceImages(
	deps: PipelineActivityDeps,
	context: StepContext,
	pushed: { readonly text: string; readonly target: string | null },
	given: Readonly<Record<string, string>>,
): Promise<{ replacements: Replacement[]; missing: string[] }> {
	const replacements: Replacement[] = [];
	const missing: string[] = [];
	const images = namedImages(pushed.text, given, pushed.target);
	const resolutions = await Promise.all(images.map(({ reference }) => resolveImage(deps, reference)));
	for (const [index, image] of images.entries()) {
		if (resolutions[index] !== "silent") continue;
		const substitute = substituteFor(image.reference);
		if (substitute === null) {
			missing.push(image.reference);
			continue;
		}
		const reference = await deps.ensureBase(substitute.base, context.say);
		context.say(substituteSentence(image.reference, substitute));
		replacements.push({ image, reference, sets: substitute.sets });
	}
	return { replacements, missing };
}

/** The directive makes BuildKit fetch its own front end: without a hub the built-in one does. */
function localSyntax(text: string, context: StepContext): string {
	const image = syntaxImage(text);
	if (!image) return text;
	context.say(
		`"# syntax=${image}" asks Docker Hub for that image, which cannot be reached: the line is left out of this build's copy, and the engine's own version is used.`,
	);
	return withoutSyntax(text);
}

/** Beside it goes the list of ignored files that BuildKit looks for under the Dockerfile's own name. */
function writeCopy(work: string, pushed: string, text: string): string {
	const folder = join(work, "dockerfile");
	mkdirSync(folder, { recursive: true });
	const file = join(folder, basename(pushed));
	writeFileSync(file, text);
	if (existsSync(`${pushed}.dockerignore`)) copyFileSync(`${pushed}.dockerignore`, `${file}.dockerignore`);
	return file;
}
