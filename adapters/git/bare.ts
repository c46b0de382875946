import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { git } from "@/adapters/git/run";
import { AppError } from "@/domain/errors";
import { isSlug } from "@/domain/names";
import type { Head } from "@/domain/pipeline/heads";

/** A push of more than this is refused by git itself. */
const maxPushBytes = 2 * 1024 * 1024 * 1024;

/** `<repositories>/<name>.git`. Throws `invalid` for a name that is no slug, so no name leads anywhere else. */
export function repositoryPath(repositories: string, name: string): string {
	if (!isSlug(name))
		throw new AppError("invalid", `"${name}" is not a repository's name: use lower-case letters, digits and "-".`);
	return join(repositories, `${name}.git`);
}

/** Makes the bare repository if it is not there; a killed call leaves nothing under the final name. */
export async function createBareRepository(path: string, defaultBranch: string): Promise<void> {
	if (existsSync(path)) return;
	mkdirSync(dirname(path), { recursive: true });
	const making = `${path}.making-${process.pid}`;
	rmSync(making, { recursive: true, force: true });
	await git(["init", "--quiet", "--bare", `--initial-branch=${defaultBranch}`, making]);
	const settings = {
		"http.receivepack": "true",
		"http.uploadpack": "true",
		"transfer.fsckObjects": "true",
		"receive.maxInputSize": String(maxPushBytes),
		// The reflog says who pushed, also when the server dies before the push is recorded.
		"core.logAllRefUpdates": "always",
		"core.hooksPath": "/dev/null",
		"core.symlinks": "true",
	};
	for (const [key, value] of Object.entries(settings)) await git(["--git-dir", making, "config", key, value]);
	rmSync(join(making, "hooks"), { recursive: true, force: true });
	renameSync(making, path);
}

/** Branches that point at a commit; tags and others are no heads. */
export async function branchHeads(path: string): Promise<Head[]> {
	const format = "--format=%(objecttype) %(objectname) %(refname)";
	const lines = (await git(["--git-dir", path, "for-each-ref", format, "refs/heads/"])).split("\n");
	return lines.flatMap((line) => {
		const [type, commit, ...ref] = line.split(" ");
		const name = ref.join(" ");
		return type === "commit" && commit && name ? [{ branch: name.slice("refs/heads/".length), commit }] : [];
	});
}

export interface CommitFacts {
	readonly message: string;
	readonly author: string;
}

export async function readCommit(path: string, commit: string): Promise<CommitFacts> {
	const text = await git(["--git-dir", path, "log", "-1", "--format=%s%x00%an", checkedCommit(commit), "--"]);
	const [message = "", author = ""] = text.trimEnd().split("\0");
	return { message: message.slice(0, 500), author: author.slice(0, 200) };
}

export interface ListedCommit extends CommitFacts {
	readonly commit: string;
}

/** What lies between two commits never changes, and an open page asks for it each second. */
const betweenKept = new Map<string, readonly ListedCommit[]>();
const mostKept = 500;
/** More are not listed. */
export const mostCommits = 50;

/** Commits that `to` has and `from` has not, newest first, at most 50; null when git cannot say (a rewritten history). */
export async function commitsBetween(path: string, from: string, to: string): Promise<readonly ListedCommit[] | null> {
	const range = `${checkedCommit(from)}..${checkedCommit(to)}`;
	const key = `${path}\0${range}`;
	const kept = betweenKept.get(key);
	if (kept) return kept;
	let text: string;
	try {
		text = await git(["--git-dir", path, "log", `--max-count=${mostCommits}`, "--format=%H%x00%s%x00%an", range, "--"]);
	} catch {
		return null;
	}
	const commits = text
		.split("\n")
		.filter((line) => line !== "")
		.map((line) => {
			const [commit = "", message = "", author = ""] = line.split("\0");
			return { commit, message: message.slice(0, 500), author: author.slice(0, 200) };
		});
	const [oldest] = betweenKept.keys();
	if (oldest !== undefined && betweenKept.size >= mostKept) betweenKept.delete(oldest);
	betweenKept.set(key, commits);
	return commits;
}

/** Name and address of the last push to the branch, from its reflog; null when git has none. */
export async function lastPusher(path: string, branch: string): Promise<{ name: string; email: string } | null> {
	const argv = ["--git-dir", path, "log", "--walk-reflogs", "-1", "--format=%gn%x00%ge", `refs/heads/${branch}`, "--"];
	try {
		const [name, email] = (await git(argv)).trimEnd().split("\0");
		return name && email ? { name, email } : null;
	} catch {
		return null;
	}
}

/** Whether the commit has a file of this name at its root. */
export async function hasFile(path: string, commit: string, name: string): Promise<boolean> {
	return (
		(await git(["--git-dir", path, "ls-tree", "--name-only", "--full-tree", checkedCommit(commit), "--", name])).trim() !== ""
	);
}

/** Writes the commit's files into an empty folder. Submodules stay empty, nothing of the commit is run. */
export async function checkoutCommit(path: string, commit: string, folder: string, signal?: AbortSignal): Promise<void> {
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	const index = `${folder}.index`;
	rmSync(index, { force: true });
	const place = { GIT_DIR: path, GIT_WORK_TREE: folder, GIT_INDEX_FILE: index };
	try {
		await git(["read-tree", checkedCommit(commit)], place, signal);
		await git(["checkout-index", "--all", "--force", "--quiet"], place, signal);
	} finally {
		rmSync(index, { force: true });
		rmSync(`${index}.lock`, { force: true });
	}
}

function checkedCommit(commit: string): string {
	if (!/^[0-9a-f]{40,64}$/.test(commit)) throw new AppError("invalid", `"${commit}" is not a commit.`);
	return commit;
}

/** Takes a repository away. Renamed first: nothing is found half removed under its name. Safe to repeat. */
export function removeBareRepository(path: string): void {
	const removed = `${path}.removed-${process.pid}`;
	rmSync(removed, { recursive: true, force: true });
	if (existsSync(path)) renameSync(path, removed);
	rmSync(removed, { recursive: true, force: true });
}
