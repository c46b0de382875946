import { Client } from "pg";
import { readServers } from "@/adapters/installation/servers";
import { messageOf } from "@/domain/errors";
import { migrate } from "@/prisma/migrate";
import { readEnv } from "@/server/env";

/** Task of the supervisor: the database is there and its tables are of this version. */
async function ensureDatabase(databaseUrl: string): Promise<void> {
	const client = new Client({ connectionString: databaseUrl.replace(/\/sluice$/, "/postgres") });
	await client.connect();
	try {
		const found = await client.query("select 1 from pg_database where datname = 'sluice'");
		if (found.rowCount === 0) await client.query("create database sluice");
	} finally {
		await client.end();
	}
}

async function main(): Promise<void> {
	const env = readEnv();
	// A database of the user's own is made by the user.
	if (readServers(env.home).databaseUrl === null) await ensureDatabase(env.databaseUrl);
	const applied = await migrate(env.databaseUrl);
	console.log(applied.length === 0 ? "The database is up to date." : `Migrations applied: ${applied.join(", ")}.`);
}

main().catch((error: unknown) => {
	console.error(`The database cannot be prepared: ${messageOf(error)}`);
	process.exit(1);
});
