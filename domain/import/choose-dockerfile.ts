import type { ComposeFacts } from "@/domain/import/compose";
import { type DockerfileFacts, readDockerfile } from "@/domain/import/dockerfile";
import type { ImportSource, Place, SourceFile } from "@/domain/import/model";

export interface ChosenBuild {
	readonly file: SourceFile | null;
	readonly facts: DockerfileFacts | null;
	readonly context: string;
	readonly target: string | null;
	/** Where it is said; null = it was found. */
	readonly from: Place | null;
	/** All that could be built. */
	readonly candidates: readonly string[];
	readonly notes: readonly string[];
}

export function isDockerfile(path: string): boolean {
	const name = path.split("/").at(-1) ?? "";
	return (
		/^((Dockerfile|Containerfile)(\..+)?|.+\.Dockerfile)$/i.test(name) &&
		!/\.dockerignore$/i.test(name) &&
		/^[A-Za-z0-9_./-]{1,300}$/.test(path)
	);
}

/** The answered one, the one the compose file builds, the one at the root, else the one nearest to it. */
export function chooseBuild(source: ImportSource, compose: ComposeFacts | null, answer: string | undefined): ChosenBuild {
	const all = source.files
		.filter(({ path }) => isDockerfile(path))
		.sort((a, b) => order(a.path) - order(b.path) || (a.path < b.path ? -1 : 1));
	const candidates = all.map(({ path }) => path);
	const composed = composedBuild(compose);
	const answered = all.find(({ path }) => path === answer);
	const named = composed === null ? undefined : all.find(({ path }) => path === composed.dockerfile);
	const notes: string[] = [];
	if (composed !== null && named === undefined && all.length > 0) {
		notes.push(
			`${composed.from.file}:${composed.from.line} builds "${composed.dockerfile.slice(0, 100)}", which is not in the repository.`,
		);
	}
	const file = answered ?? named ?? all[0] ?? null;
	if (file === null) return { file, facts: null, context: ".", target: null, from: null, candidates, notes };
	const isComposed = file === named && composed !== null;
	const target = isComposed ? composed.target : null;
	const facts = readDockerfile(file, target);
	const context = isComposed ? composed.context : contextOf(file.path, facts.copied, source.paths);
	return {
		file,
		facts,
		context,
		target: target !== null && facts.stages.includes(target.toLowerCase()) ? target : null,
		from: isComposed ? composed.from : null,
		candidates,
		notes,
	};
}

/** `Dockerfile` before `Dockerfile.dev`, and the root before folders. */
function order(path: string): number {
	const parts = path.split("/");
	const isPlain = /^(Dockerfile|Containerfile)$/.test(parts.at(-1) ?? "");
	return parts.length * 2 + (isPlain ? 0 : 1) + (/dev|test|debug|ci/i.test(parts.at(-1) ?? "") ? 1 : 0);
}

function composedBuild(
	compose: ComposeFacts | null,
): { context: string; dockerfile: string; target: string | null; from: Place } | null {
	const build = compose?.build;
	const from = build?.dockerfile?.at ?? build?.context?.at;
	if (!build || !from) return null;
	const context = cleaned(build.context?.value ?? ".");
	const dockerfile = cleaned(build.dockerfile?.value ?? "Dockerfile");
	if (context === null || dockerfile === null) return null;
	const target = build.target?.value ?? null;
	return { context, dockerfile: context === "." ? dockerfile : `${context}/${dockerfile}`, target, from };
}

/** `./a//b/` as `a/b`; null = it leads out of the repository, or is an address. */
function cleaned(path: string): string | null {
	if (!/^[A-Za-z0-9_./-]{1,200}$/.test(path) || path.startsWith("/") || path.startsWith("-")) return null;
	const parts = path.split("/").filter((part) => part !== "" && part !== ".");
	if (parts.includes("..")) return null;
	return parts.length === 0 ? "." : parts.join("/");
}

/** The folder that has what the Dockerfile copies: its own, or the root. */
function contextOf(path: string, copied: readonly string[], paths: readonly string[]): string {
	const folder = path.split("/").slice(0, -1).join("/");
	if (folder === "") return ".";
	const has = (root: string, source: string): boolean => {
		const wanted = cleaned(source) ?? "";
		if (wanted === "." || wanted === "") return false;
		const full = `${root}${wanted}`;
		return paths.some((one) => one === full || one.startsWith(`${full}/`));
	};
	const [inFolder, inRoot] = [`${folder}/`, ""].map((root) => copied.filter((source) => has(root, source)).length);
	return (inRoot ?? 0) > (inFolder ?? 0) ? "." : folder;
}
