import { ownHostName } from "@/domain/installation";
import type { Tx } from "@/server/store/client";
import { databaseNow } from "@/server/store/clock";
import { isFresh } from "@/server/store/instance-view";

export interface Gateway {
	readonly address: string;
	/** It is the machine of the control plane, and listens on its loopback address too. */
	readonly isOwn: boolean;
}

/** The gateway to show to people: this machine's own first, then one that answers. null = there is none. */
export async function gatewayToShow(tx: Tx): Promise<Gateway | null> {
	const hosts = await tx.host.findMany({
		where: { state: { not: "removed" }, roles: { has: "gateway" } },
		select: { id: true, address: true, leaseAt: true },
		orderBy: { id: "asc" },
	});
	const now = await databaseNow(tx);
	const best = hosts.find(({ id }) => id === ownHostName) ?? hosts.find(({ leaseAt }) => isFresh(leaseAt, now)) ?? hosts[0];
	return best ? { address: best.address, isOwn: best.id === ownHostName } : null;
}
