import type { Actor } from "@/domain/roles";
import { placeLast } from "@/server/store/audit-chain";
import type { Tx } from "@/server/store/client";

export interface AuditRecord {
	/** The procedure or verb: `rollout.start`, `host.join`, `user.sign-in`. */
	readonly action: string;
	readonly subjectKind: string;
	readonly subject: string;
	/** One sentence for people. */
	readonly summary: string;
	/** Machine-readable facts; never a secret. */
	readonly data?: Readonly<Record<string, string | number | boolean | null | readonly string[]>>;
}

/**
 * Always in the transaction of the change it records: a change without its row, or a row without its change, cannot be.
 * It is written when that transaction's own work is done; where it cannot be, the change is refused with `unavailable`.
 */
export async function recordAudit(tx: Tx, actor: Omit<Actor, "role">, record: AuditRecord): Promise<void> {
	const { data, ...what } = record;
	await placeLast(tx, { actorKind: actor.kind, actorId: actor.id, actorName: actor.name, ...what, data: { ...data } });
}
