import { serviceEvent } from "@/domain/webhook/catalog-event";
import type { Tx } from "@/server/store/client";
import { tellWebhooks } from "@/server/store/webhook-event";

/** Makes the service if it is new; what its manifest says becomes what the catalog says. Returns whether it was made. */
export async function ensureService(
	tx: Tx,
	service: { readonly name: string; readonly description: string; readonly owner: string; readonly createdBy: string },
): Promise<boolean> {
	const { count } = await tx.service.createMany({ data: [service], skipDuplicates: true });
	if (count === 0) {
		const { name, description, owner } = service;
		await tx.service.update({ where: { name }, data: { description, owner } });
	}
	if (count === 1) await tellWebhooks(tx, serviceEvent({ ...service, repository: null }));
	return count === 1;
}

export async function hasService(tx: Tx, name: string): Promise<boolean> {
	return (await tx.service.count({ where: { name } })) > 0;
}
