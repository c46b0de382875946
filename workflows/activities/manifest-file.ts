import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "@/domain/errors";
import { missingManifest } from "@/domain/import/missing-manifest";
import type { Manifest } from "@/domain/manifest/model";
import { parseManifest } from "@/domain/manifest/parse";
import { ensureCheckout, insideCheckout } from "@/workflows/activities/checkout";
import { type PipelineActivityDeps, type StepContext, StepFailure } from "@/workflows/activities/pipeline-step";

const manifestFile = "sluice.yaml";

/** The pushed `sluice.yaml`, checked. Throws StepFailure with each problem at its file:line:column. */
export async function readManifest(deps: PipelineActivityDeps, context: StepContext): Promise<Manifest> {
	const files = await ensureCheckout(deps, context.source, context.signal);
	if (!existsSync(join(files, manifestFile))) {
		throw new StepFailure(missingManifest(context.source.repository, deps.env.portalUrl));
	}
	const text = readFileSync(insideCheckout(files, manifestFile, "The manifest"), "utf8");
	try {
		return requireBuild(parseManifest(text, manifestFile));
	} catch (error) {
		if (error instanceof AppError) throw new StepFailure(problemsOf(error));
		throw error;
	}
}

/** A pipeline builds; what only names an image is deployed by word. */
function requireBuild(manifest: Manifest): Manifest {
	if (manifest.image === undefined) return manifest;
	throw new StepFailure(
		`${manifestFile} names the image ${manifest.image}, so there is nothing to build: \`sluice deploy -f ${manifestFile} --env staging\` rolls it out, and \`image: .\` builds this repository.`,
	);
}

function problemsOf(error: AppError): string {
	const { problems } = error.details;
	if (!Array.isArray(problems) || problems.length === 0) return error.message;
	return problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`).join("\n");
}
