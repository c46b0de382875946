import { PrismaPg } from "@prisma/adapter-pg";
import { type Prisma, PrismaClient } from "@/prisma/generated/client";
import { type AuditKeySource, withAuditChain } from "@/server/store/audit-chain";

/**
 * Prisma over one pool of at most `connections` (default 10), whose transactions end with their audit rows. Sessions speak UTC, as Prisma writes it: the columns
 * carry no time zone, so now() in a statement of our own must mean the same.
 */
export function openDatabase(databaseUrl: string, auditKey: AuditKeySource, connections = 10): Database {
	const adapter = new PrismaPg({ connectionString: databaseUrl, max: connections, options: "-c TimeZone=UTC" });
	return withAuditChain(new PrismaClient({ adapter }), auditKey);
}

/** Does Postgres answer a question within a second? Never throws. */
export async function answersNow(database: Database): Promise<boolean> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<boolean>((resolve) => {
		timer = setTimeout(() => resolve(false), 1_000);
	});
	const answer = database.$queryRaw`select 1`.then(
		() => true,
		() => false,
	);
	try {
		return await Promise.race([answer, late]);
	} finally {
		clearTimeout(timer);
	}
}

export type Database = PrismaClient;
/** First argument of every store function: a transaction, or the database itself for a single statement. */
export type Tx = Prisma.TransactionClient;

/** What a change tells the processes that wait for it; the payload says of which thing. Delivered at commit. */
export const channels = {
	/** host id: its desired document changed. */
	desired: "sluice_desired",
	/** `service/environment`: a new traffic revision is published. */
	traffic: "sluice_traffic",
	/** `service/environment`: a host or proxy reported something new about it. */
	observed: "sluice_observed",
	/** host id: its report changed. */
	host: "sluice_host",
	/** rollout id: new event or state. */
	rollout: "sluice_rollout",
	/** pipeline id: new log lines, step or state. */
	pipeline: "sluice_pipeline",
	/** scaffold id: new step or state. */
	scaffold: "sluice_scaffold",
	/** freeze id: one was made or ended. */
	freeze: "sluice_freeze",
	/** webhook, hook or delivery id: what is told, or how far it is. */
	webhook: "sluice_webhook",
	/** A row was put into the outbox. */
	outbox: "sluice_outbox",
} as const;

export type Channel = keyof typeof channels;

export async function notify(tx: Tx, channel: Channel, payload: string): Promise<void> {
	await tx.$executeRaw`select pg_notify(${channels[channel]}, ${payload})`;
}
