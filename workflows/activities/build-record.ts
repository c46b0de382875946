import { createHash } from "node:crypto";
import { baseImageCatalog } from "@/domain/pipeline/base-image";
import { startingImages } from "@/domain/pipeline/dockerfile";
import type { BuildRecord, FoundPackage } from "@/domain/provenance/model";
import { saveBuildRecord } from "@/server/store/build-record";
import type { BuiltStage } from "@/workflows/activities/build";
import type { PipelineActivityDeps, StepContext } from "@/workflows/activities/pipeline-step";

interface FinishedBuild extends Omit<BuiltStage, "dockerfile"> {
	/** The path in the repository, then the text. */
	readonly path: string;
	readonly text: string;
	readonly context: string;
	readonly target: string | null;
	readonly startedAt: Date;
	readonly endedAt: Date;
}

/** Keeps what was built from what, and what is in it, with the pipeline. */
export async function recordBuild(deps: PipelineActivityDeps, step: StepContext, build: FinishedBuild): Promise<void> {
	const { builder, database, env } = deps;
	const { source } = step;
	const programs = baseImageCatalog.map(({ program }) => program);
	const image = await builder.inspect(source.id, build.image, programs);
	const references = startingImages(build.text, build.arguments);
	const bases = await Promise.all(
		references.map(async (reference) => {
			const own = baseImageCatalog.find(({ repository }) => reference.startsWith(`${repository}:`));
			return { reference, imageId: await builder.imageId(reference), parts: own?.parts ?? [], program: own?.program ?? null };
		}),
	);
	// What a base of ours brings is in no package database; a later stage may have left it behind.
	const brought = bases
		.filter(({ program }) => program !== null && image.present.includes(program))
		.flatMap(({ parts }) => parts.map(({ name, version }): FoundPackage => ({ kind: "generic", name, version })));
	const record: BuildRecord = {
		builder: { installation: env.installation.id, engine: image.engine },
		startedAt: build.startedAt.toISOString(),
		endedAt: build.endedAt.toISOString(),
		dockerfile: { path: build.path, sha256: createHash("sha256").update(build.text).digest("hex") },
		context: build.context,
		target: build.target,
		arguments: build.arguments,
		bases: bases.map(({ reference, imageId, parts }) => ({ reference, imageId, parts })),
		imageId: image.id,
		packages: [...image.packages, ...brought],
		problem: image.problem,
	};
	await saveBuildRecord(database, source.id, record);
	step.say(`Recorded with the release: its provenance, and ${record.packages.length} packages that are in the image.`);
	if (image.problem !== null) step.say(`The list of packages is not whole: ${image.problem}`);
}
