import { existsSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { checkoutCommit, repositoryPath } from "@/adapters/git/bare";
import type { PipelineSource } from "@/domain/pipeline/model";
import { type PipelineActivityDeps, StepFailure } from "@/workflows/activities/pipeline-step";

/** The folder of one pipeline's work; removed when it ends. */
export function workFolder(deps: PipelineActivityDeps, pipelineId: string): string {
	return join(deps.env.paths.builds, pipelineId);
}

export function removeWork(deps: PipelineActivityDeps, pipelineId: string): void {
	rmSync(workFolder(deps, pipelineId), { recursive: true, force: true });
}

/** The commit's files, written once per pipeline and machine: a worker elsewhere, or a killed checkout, begins again. */
export async function ensureCheckout(deps: PipelineActivityDeps, source: PipelineSource, signal: AbortSignal): Promise<string> {
	const folder = workFolder(deps, source.id);
	const files = join(folder, "source");
	const mark = join(folder, "complete");
	if (existsSync(mark) && readFileSync(mark, "utf8") === source.commit) return files;
	rmSync(folder, { recursive: true, force: true });
	await checkoutCommit(repositoryPath(deps.env.paths.repositories, source.repository), source.commit, files, signal);
	writeFileSync(mark, source.commit);
	return files;
}

/**
 * The real path of a file or folder named in the repository. A pushed symbolic link must not lead a build to a file of
 * this machine, so what lies outside the checkout is refused.
 */
export function insideCheckout(files: string, name: string, what: string): string {
	const root = realpathSync(files);
	const wanted = resolve(root, name);
	if (!existsSync(wanted)) throw new StepFailure(`${what} "${name}" is not in the repository.`);
	const real = realpathSync(wanted);
	const path = relative(root, real);
	if (path.startsWith("..") || path.startsWith("/")) {
		throw new StepFailure(`${what} "${name}" leads out of the repository: name a file inside it.`);
	}
	return real;
}
