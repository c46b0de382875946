import type { Tx } from "@/server/store/client";

/** Why a repository cannot make this service, as a sentence; null = it can. The same as its first release would find. */
export async function whyNotMake(tx: Tx, repository: string, service: string): Promise<string | null> {
	const made = await tx.service.findUnique({ where: { repository }, select: { name: true } });
	if (made && made.name !== service) return `The repository ${repository} makes the service ${made.name}: keep its name.`;
	const found = await tx.service.findUnique({ where: { name: service }, select: { repository: true } });
	const maker = found?.repository ?? null;
	return maker === null || maker === repository
		? null
		: `The service ${service} is made by the repository ${maker}: choose another name.`;
}

/** 0 = there was none. */
export async function newestPipelineNumber(tx: Tx, repository: string): Promise<number> {
	return (await tx.repository.findUnique({ where: { name: repository }, select: { pipelineCount: true } }))?.pipelineCount ?? 0;
}
