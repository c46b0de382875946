import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { git } from "@/adapters/git/run";
import { AppError } from "@/domain/errors";

export interface FileCommit {
	readonly branch: string;
	/** The branch's head as the writer saw it. */
	readonly parent: string;
	readonly path: string;
	readonly text: string;
	readonly message: string;
	readonly author: { readonly name: string; readonly email: string };
	/** As the reflog names who pushed. */
	readonly pusher: { readonly name: string; readonly email: string };
}

/** Puts one file on top of a branch of a bare repository, as a push would. Throws `conflict` when the branch has moved on. */
export async function commitFile(repository: string, commit: FileCommit): Promise<string> {
	const { branch, parent, author, pusher } = commit;
	const work = mkdtempSync(join(tmpdir(), "sluice-file-commit-"));
	try {
		const place = { GIT_DIR: repository, GIT_INDEX_FILE: `${work}/index` };
		writeFileSync(`${work}/content`, commit.text);
		const blob = (await git(["hash-object", "-w", "--no-filters", "--", `${work}/content`], place)).trim();
		await git(["read-tree", parent], place);
		await git(["update-index", "--add", "--cacheinfo", `100644,${blob},${commit.path}`], place);
		const tree = (await git(["write-tree"], place)).trim();
		const person = {
			GIT_AUTHOR_NAME: author.name,
			GIT_AUTHOR_EMAIL: author.email,
			GIT_COMMITTER_NAME: author.name,
			GIT_COMMITTER_EMAIL: author.email,
		};
		const id = (await git(["commit-tree", tree, "-p", parent, "-m", commit.message], { ...place, ...person })).trim();
		await pointAt(repository, branch, id, parent, pusher);
		return id;
	} finally {
		rmSync(work, { recursive: true, force: true });
	}
}

async function pointAt(
	repository: string,
	branch: string,
	id: string,
	parent: string,
	pusher: FileCommit["pusher"],
): Promise<void> {
	const identity = { GIT_COMMITTER_NAME: pusher.name, GIT_COMMITTER_EMAIL: pusher.email };
	const ref = `refs/heads/${branch}`;
	try {
		await git(["--git-dir", repository, "update-ref", "--create-reflog", "-m", "push", ref, id, parent], identity);
	} catch (cause) {
		throw new AppError("conflict", `Somebody has pushed to ${branch} meanwhile: look at the proposal again.`, { cause });
	}
}
