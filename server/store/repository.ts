import type { Head } from "@/domain/pipeline/heads";
import { serviceEvent } from "@/domain/webhook/catalog-event";
import type { Tx } from "@/server/store/client";
import { tellWebhooks } from "@/server/store/webhook-event";

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
	// A pipeline's workflow id holds its number and is used once: what a removed repository had is not given again.
	const removed = await tx.scaffold.aggregate({ where: { name: row.name }, _max: { pipelineCount: true } });
	const pipelineCount = removed._max.pipelineCount ?? 0;
	const { count } = await tx.repository.createMany({ data: [{ ...row, pipelineCount }], skipDuplicates: true });
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

export interface ServiceClaim {
	readonly service: string;
	readonly repository: string;
	readonly description: string;
	readonly owner: string;
	readonly createdBy: string;
}

/**
 * Makes the service if it is new and ties it to the repository: one repository makes one service, for ever. Returns why
 * not, or null. What the manifest says about the service becomes what the catalog says.
 */
export async function claimService(tx: Tx, claim: ServiceClaim): Promise<string | null> {
	const { service, repository, description, owner, createdBy } = claim;
	const made = await tx.service.findUnique({ where: { repository }, select: { name: true } });
	if (made && made.name !== service) return `The repository ${repository} makes the service ${made.name}: keep its name.`;
	const claimed = [{ name: service, repository, description, owner, createdBy }];
	const created = await tx.service.createMany({ data: claimed, skipDuplicates: true });
	if (created.count === 1) await tellWebhooks(tx, serviceEvent({ name: service, repository, owner, createdBy }));
	const { count } = await tx.service.updateMany({
		where: { name: service, OR: [{ repository: null }, { repository }] },
		data: { repository, description, owner },
	});
	return count === 1 ? null : `The service ${service} is made by another repository: choose another name in sluice.yaml.`;
}
