import { Client, Connection } from "@temporalio/client";
import { ensureAuditKey } from "@/adapters/audit/key";
import { createLog, type Log } from "@/adapters/log/log";
import type { Env } from "@/server/env";
import { type Database, openDatabase } from "@/server/store/client";

export interface Deps {
	readonly env: Env;
	readonly database: Database;
	readonly log: Log;
	/** One client a process. Does not wait for Temporal to be there: a call does, and fails after its own deadline. */
	temporal(): Promise<Client>;
	close(): Promise<void>;
}

/** What a process of the control plane works with. Nothing is connected before its first use. */
export function createDeps(env: Env, component = "server"): Deps {
	const database = openDatabase(env.databaseUrl, () => ensureAuditKey(env.paths.auditKey));
	let connection: Connection | null = null;
	let client: Client | null = null;
	return {
		env,
		database,
		log: createLog(component),
		async temporal() {
			connection ??= Connection.lazy({ address: env.temporalAddress });
			client ??= new Client({ connection });
			return client;
		},
		async close() {
			await connection?.close();
			await database.$disconnect();
		},
	};
}
