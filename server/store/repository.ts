import type { Head } from "@/domain/pipeline/heads";
import type { Tx } from "@/server/store/client";

export interface StoredRepository {
	readonly name: string;
	readonly defaultBranch: string;
}

export async function findRepository(tx: Tx, name: string): Promise<StoredRepository | null> {
	return tx.repository.findUnique({ where: { name }, select: { name: true, defaultBranch: true } });
}

export async function repositoryNames(tx: Tx): Promise<string[]> {
	const rows = await tx.repository.findMany({ select: { name: true }, orderBy: { name: "asc" } });
	return rows.map((row) => row.name);
}

/** False = there is one of this name already. */
export async function insertRepository(
	tx: Tx,
	row: { name: string; defaultBranch: string; createdBy: string },
): Promise<boolean> {
	const { count } = await tx.repository.createMany({ data: [row], skipDuplicates: true });
	return count === 1;
}

/** Holds the repository until the transaction ends: pushes are recorded one after another. */
export async function lockRepository(tx: Tx, name: string): Promise<StoredRepository | null> {
	const rows = await tx.$queryRaw<StoredRepository[]>`
		select name, "defaultBranch" from repository where name = ${name} for update`;
	return rows[0] ?? null;
}

export async function recordedHeads(tx: Tx, repository: string): Promise<Head[]> {
	return tx.repositoryHead.findMany({ where: { repository }, select: { branch: true, commit: true } });
}

export async function saveHead(tx: Tx, repository: string, head: Head, pushedBy: string, pushedAt: Date): Promise<void> {
	const values = { commit: head.commit, pushedBy, pushedAt };
	await tx.repositoryHead.upsert({
		where: { repository_branch: { repository, branch: head.branch } },
		create: { repository, branch: head.branch, ...values },
		update: values,
	});
}

export async function removeHeads(tx: Tx, repository: string, branches: readonly string[]): Promise<void> {
	await tx.repositoryHead.deleteMany({ where: { repository, branch: { in: [...branches] } } });
}
