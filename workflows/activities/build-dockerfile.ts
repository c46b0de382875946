import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { ManifestBuild } from "@/domain/manifest/model";
import { wantedBaseImages } from "@/domain/pipeline/base-image";
import { forbiddenSentence, substituteFor, substituteSentence } from "@/domain/pipeline/base-substitute";
import { syntaxImage, withoutSyntax } from "@/domain/pipeline/dockerfile";
import { namedImages } from "@/domain/pipeline/named-images";
import { forOlderFrontEnd, isOlderEngine, type OlderDockerfile, olderSentence } from "@/domain/pipeline/older-front-end";
import { type Replacement, withReplacements } from "@/domain/pipeline/replaced-images";
import { workFolder } from "@/workflows/activities/checkout";
import { resolveImage } from "@/workflows/activities/foreign-image";
import { type PipelineActivityDeps, type StepContext, StepFailure } from "@/workflows/activities/pipeline-step";

/** What a Dockerfile becomes where its images cannot be fetched. The checkout's own file stays as it was pushed. */
export interface BuildDockerfile {
	/** The one to build with: the pushed one, or a copy of it outside the checkout. */
	readonly file: string;
	readonly arguments: Readonly<Record<string, string>>;
	readonly replacements: readonly Replacement[];
	/** Images that no registry gives and that no base of ours stands for. */
	readonly missing: readonly string[];
	/** What an engine older than the Dockerfile made of it; `image` is where the files of heredocs are copied from. */
	readonly older: { readonly image: string } & Pick<OlderDockerfile, "files" | "changes">;
}

export interface PushedDockerfile extends Pick<ManifestBuild, "baseImages"> {
	/** Absolute. */
	readonly file: string;
	/** In the repository. */
	readonly path: string;
	readonly text: string;
	readonly target: string | null;
}

const hub = "node:24-bookworm-slim";

export async function prepareDockerfile(
	deps: PipelineActivityDeps,
	context: StepContext,
	pushed: PushedDockerfile,
): Promise<BuildDockerfile> {
	const isHubThere = (await resolveImage(deps, hub)) === "found";
	const given = isHubThere || pushed.baseImages === "hub" ? {} : await ownBases(deps, context, pushed.text);
	const { replacements, missing } = await replaceImages(deps, context, pushed, given);
	// The places of the images are those in the pushed text.
	const replaced = withReplacements(pushed.text, replacements);
	const older = await writtenOlder(deps, context, pushed.path, replaced, isHubThere && syntaxImage(replaced) !== null);
	const text = isHubThere ? older.text : localSyntax(older.text, context);
	const file = text === pushed.text ? pushed.file : writeCopy(workFolder(deps, context.source.id), pushed.file, text);
	return { file, arguments: given, replacements, missing, older };
}

/** The engine's own front end may be older than the Dockerfile, and the one that a syntax line names may not be there. */
async function writtenOlder(
	{ builder }: PipelineActivityDeps,
	context: StepContext,
	path: string,
	dockerfile: string,
	isNewerThere: boolean,
): Promise<BuildDockerfile["older"] & { text: string }> {
	const image = `sluice/heredocs:${context.source.id}`;
	const same = { text: dockerfile, image, files: [], changes: [] };
	if (isNewerThere) return same;
	const older = forOlderFrontEnd(dockerfile, image);
	const [refusal] = older.refusals;
	if (refusal === undefined && older.kinds.length === 0) return same;
	const engine = await builder.engine();
	if (!isOlderEngine(engine)) return same;
	if (refusal !== undefined) throw new StepFailure(olderSentence(path, older.refusals, engine));
	context.say(
		`${older.kinds.join(" and ")}: this engine's own BuildKit (Docker ${engine}) does not know ${older.kinds.length > 1 ? "them" : "it"}, so this build's copy says the same in older words.`,
	);
	return { ...older, image };
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
	pushed: PushedDockerfile,
	given: Readonly<Record<string, string>>,
): Promise<{ replacements: Replacement[]; missing: string[] }> {
	const replacements: Replacement[] = [];
	const missing: string[] = [];
	const images = namedImages(pushed.text, given, pushed.target);
	const resolutions = await Promise.all(images.map(({ reference }) => resolveImage(deps, reference)));
	const silent = images.filter((_, index) => resolutions[index] === "silent");
	if (silent.length > 0 && pushed.baseImages === "hub") {
		throw new StepFailure(`${pushed.path}: ${forbiddenSentence(silent.map(({ reference }) => reference))}`);
	}
	for (const image of silent) {
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
