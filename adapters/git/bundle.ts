import { spawn } from "node:child_process";
import { once } from "node:events";
import { createBareRepository } from "@/adapters/git/bare";
import { git, gitEnvironment } from "@/adapters/git/run";
import { AppError } from "@/domain/errors";

/** The branch that a bare repository is for, whether it is there or not. */
export async function defaultBranchOf(path: string): Promise<string> {
	return (await git(["--git-dir", path, "symbolic-ref", "--short", "HEAD"])).trim();
}

export async function hasRefs(path: string): Promise<boolean> {
	return (await git(["--git-dir", path, "for-each-ref", "--count=1"])).trim() !== "";
}

/** All refs of one moment with all that they reach, also while pushes and repacking go on. Throws `internal`. */
export async function* bundleOf(path: string): AsyncGenerator<Buffer> {
	const argv = ["--git-dir", path, "bundle", "create", "--quiet", "-", "--all"];
	const child = spawn("git", argv, { env: gitEnvironment(), stdio: ["ignore", "pipe", "pipe"] });
	let words = "";
	child.stderr.setEncoding("utf8").on("data", (text: string) => {
		words = (words + text).slice(-2_000);
	});
	const ended = once(child, "close");
	yield* child.stdout as AsyncIterable<Buffer>;
	const [code] = (await ended) as [number | null];
	if (code !== 0) throw new AppError("internal", `git cannot pack ${path}: ${words.trim()}`);
}

/** Makes the repository with the bundle's refs. Throws `internal` for a bundle that is not whole. */
export async function unbundle(path: string, defaultBranch: string, bundle: string | null): Promise<void> {
	await createBareRepository(path, defaultBranch);
	if (bundle === null) return;
	const quietly = ["--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance"];
	await git(["--git-dir", path, "fetch", ...quietly, bundle, "+refs/*:refs/*"], { GIT_ALLOW_PROTOCOL: "file" });
}
