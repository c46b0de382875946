import type { Tx } from "@/server/store/client";

export interface FollowUp {
	readonly service: string;
	readonly environment: string;
	readonly releaseId: string;
	readonly release: number;
	readonly startedBy: string;
	readonly startedById: string;
	readonly pipelineId: string | null;
}

/** The newest release wins: an older one that has not begun here is forgotten. */
export async function requestFollowUp(tx: Tx, wish: FollowUp): Promise<void> {
	const { service, environment } = wish;
	const row = await tx.followUp.findUnique({ where: { service_environment: { service, environment } } });
	if (row && row.release > wish.release) return;
	const data = { ...wish, createdAt: new Date(), doneAt: null };
	await tx.followUp.upsert({ where: { service_environment: { service, environment } }, create: data, update: data });
}

export async function openFollowUps(tx: Tx): Promise<FollowUp[]> {
	return tx.followUp.findMany({ where: { doneAt: null }, orderBy: { createdAt: "asc" } });
}

/** Only if it is still about this release. */
export async function closeFollowUp(tx: Tx, { service, environment, releaseId }: FollowUp): Promise<void> {
	await tx.followUp.updateMany({ where: { service, environment, releaseId, doneAt: null }, data: { doneAt: new Date() } });
}
