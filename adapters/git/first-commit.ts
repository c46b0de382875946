import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { git } from "@/adapters/git/run";
import { AppError } from "@/domain/errors";

export interface FirstCommit {
	readonly branch: string;
	readonly message: string;
	readonly author: { readonly name: string; readonly email: string };
	readonly at: Date;
	/** As the reflog names who pushed. */
	readonly pusher: { readonly name: string; readonly email: string };
	readonly files: readonly { readonly path: string; readonly text: string; readonly isExecutable: boolean }[];
}

/**
 * Makes the branch of an empty bare repository point at one commit of these files. The same input is the same commit,
 * so it is safe to repeat. Throws `conflict` when the branch points elsewhere: somebody has pushed.
 */
export async function makeFirstCommit(path: string, commit: FirstCommit): Promise<string> {
	const work = mkdtempSync(join(tmpdir(), "sluice-first-commit-"));
	try {
		const tree = `${work}/tree`;
		for (const file of commit.files) write(tree, file);
		const place = { GIT_DIR: path, GIT_WORK_TREE: tree, GIT_INDEX_FILE: `${work}/index` };
		// --force: what the service's own .gitignore leaves out belongs to the template all the same.
		await git(["add", "--all", "--force", "."], place);
		const written = (await git(["write-tree"], place)).trim();
		const date = `${Math.floor(commit.at.getTime() / 1000)} +0000`;
		const { name, email } = commit.author;
		const person = { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email };
		const when = { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
		const id = (await git(["commit-tree", written, "-m", commit.message], { ...place, ...person, ...when })).trim();
		await pointAt(path, commit, id);
		return id;
	} finally {
		rmSync(work, { recursive: true, force: true });
	}
}

/** Paths come from a template of ours; one that leads out of the tree is a mistake all the same. */
function write(tree: string, file: FirstCommit["files"][number]): void {
	const target = join(tree, file.path);
	if (!target.startsWith(`${tree}/`) || file.path.split("/").includes(".git")) {
		throw new AppError("invalid", `"${file.path}" is no path in a repository.`);
	}
	mkdirSync(dirname(target), { recursive: true });
	writeFileSync(target, file.text);
	if (file.isExecutable) chmodSync(target, 0o755);
}

async function pointAt(path: string, { branch, pusher }: FirstCommit, id: string): Promise<void> {
	const ref = `refs/heads/${branch}`;
	const current = (await git(["--git-dir", path, "for-each-ref", "--format=%(objectname)", ref])).trim();
	if (current === id) return;
	if (current !== "")
		throw new AppError("conflict", `Somebody has pushed to ${branch} already: the template is not written over it.`);
	const identity = { GIT_COMMITTER_NAME: pusher.name, GIT_COMMITTER_EMAIL: pusher.email };
	await git(["--git-dir", path, "update-ref", "--create-reflog", "-m", "push", ref, id, "0".repeat(id.length)], identity);
}
