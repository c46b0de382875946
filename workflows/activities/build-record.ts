import { createHash } from "node:crypto";
import { baseImageCatalog } from "@/domain/pipeline/base-image";
import { namedImages } from "@/domain/pipeline/named-images";
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
	const programs = baseImageCatalog.flatMap(({ program }) => program ?? []);
	const image = await builder.inspect(source.id, build.image, programs);
	const bases = await Promise.all(
		namedImages(build.text, build.arguments, build.target).map(async ({ reference: asked }) => {
			const reference = build.replaced.find((one) => one.asked === asked)?.reference ?? asked;
			const own = baseImageCatalog.find(({ repository }) => reference.startsWith(`${repository}:`));
			const imageId = await builder.imageId(reference);
			const kept = { reference, imageId, parts: own?.parts ?? [], ...(reference === asked ? {} : { asked }) };
			return { kept, program: own?.program ?? null };
		}),
	);
	// What a base of ours brings is in no package database; a later stage may have left it behind.
	const brought = bases
		.filter(({ program }) => program !== null && image.present.includes(program))
		.flatMap(({ kept }) => kept.parts.map(({ name, version }): FoundPackage => ({ kind: "generic", name, version })));
	const record: BuildRecord = {
		builder: { installation: env.installation.id, engine: image.engine },
		startedAt: build.startedAt.toISOString(),
		endedAt: build.endedAt.toISOString(),
		dockerfile: { path: build.path, sha256: createHash("sha256").update(build.text).digest("hex") },
		context: build.context,
		target: build.target,
		arguments: build.arguments,
		bases: bases.map(({ kept }) => kept),
		imageId: image.id,
		packages: [...image.packages, ...brought],
		problem: image.problem,
	};
	await saveBuildRecord(database, source.id, record);
	step.say(`Recorded with the release: its provenance, and ${record.packages.length} packages that are in the image.`);
	if (image.problem !== null) step.say(`The list of packages is not whole: ${image.problem}`);
}
