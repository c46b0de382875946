import { randomBytes } from "node:crypto";
import pg from "pg";
import { auditKeyOf } from "@/adapters/audit/key";
import { migrate } from "@/prisma/migrate";
import { readEnv } from "@/server/env";
import { type Database, openDatabase } from "@/server/store/client";
import { holdScratchServer } from "@/server/store/testing/scratch-server";

/** One for all, since what is under test is often opened with another client than the test's. */
export const scratchAuditKey = async () => auditKeyOf("scratch", Buffer.alloc(32, 7));

export interface ScratchDatabase {
	readonly url: string;
	readonly database: Database;
	/** Closes the connections and removes the database; call it in afterAll, or a server stays behind. */
	drop(): Promise<void>;
}

/**
 * A migrated database of its own for one test file: in the installation's Postgres when SLUICE_HOME is set, else in an
 * embedded Postgres that the tests of this process share and that ends with the last `drop`.
 */
export async function scratchDatabase(options: { isMigrated?: boolean } = {}): Promise<ScratchDatabase> {
	const server = process.env.SLUICE_HOME ? { url: readEnv().databaseUrl, release: async () => {} } : await holdScratchServer();
	const name = `scratch_${randomBytes(6).toString("hex")}`;
	const url = withDatabase(server.url, name);
	try {
		await execute(server.url, `create database ${name}`);
		if (options.isMigrated !== false) await migrate(url);
	} catch (error) {
		await server.release();
		throw error;
	}
	const database = openDatabase(url, scratchAuditKey);
	return {
		url,
		database,
		async drop() {
			await database.$disconnect();
			await execute(server.url, `drop database ${name} with (force)`);
			await server.release();
		},
	};
}

function withDatabase(url: string, name: string): string {
	const other = new URL(url);
	other.pathname = `/${name}`;
	return other.href;
}

async function execute(url: string, sql: string): Promise<void> {
	const client = new pg.Client({ connectionString: url });
	await client.connect();
	try {
		await client.query(sql);
	} finally {
		await client.end();
	}
}
