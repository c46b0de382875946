import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { AppError } from "@/domain/errors";

/**
 * Brings a database to the newest migration, and returns the names it applied. Any number of processes may call it
 * at once: an advisory lock lets one work, the others find nothing left to do. One transaction a file, so a failed
 * file leaves nothing behind. Refused with a sentence: an applied file that was edited since, and a database that is
 * newer than this code. The records are Prisma's own (`_prisma_migrations`), so its tools accept them.
 */
export async function migrate(databaseUrl: string, directory = migrationsDirectory): Promise<string[]> {
	return bringTo(databaseUrl, await readMigrations(directory));
}

/** Only these (name -> checksum), as another database had them. Refused alike when one is not known here, or was edited. */
export async function migrateTo(databaseUrl: string, wanted: ReadonlyMap<string, string>): Promise<string[]> {
	const migrations = await readMigrations(migrationsDirectory);
	refuseUnlessPrefix(wanted, migrations);
	return bringTo(
		databaseUrl,
		migrations.filter(({ name }) => wanted.has(name)),
	);
}

async function bringTo(databaseUrl: string, migrations: readonly Migration[]): Promise<string[]> {
	const client = new pg.Client({ connectionString: databaseUrl });
	await client.connect();
	try {
		await client.query("select pg_advisory_lock($1)", [migrationLock]);
		await client.query(recordsTable);
		const applied = await readApplied(client);
		refuseUnlessPrefix(applied, migrations);
		const pending = migrations.filter((migration) => !applied.has(migration.name));
		for (const migration of pending) await apply(client, migration);
		return pending.map((migration) => migration.name);
	} finally {
		// Ending the session also gives the lock back.
		await client.end();
	}
}

export const migrationsDirectory = fileURLToPath(new URL("migrations", import.meta.url));
/** Prisma's own lock number, so that its tools wait for us too. */
const migrationLock = 72707369;

const recordsTable = `create table if not exists _prisma_migrations (
	id varchar(36) primary key not null,
	checksum varchar(64) not null,
	finished_at timestamptz,
	migration_name varchar(255) not null,
	logs text,
	rolled_back_at timestamptz,
	started_at timestamptz not null default now(),
	applied_steps_count integer not null default 0
)`;

interface Migration {
	readonly name: string;
	readonly sql: string;
	readonly checksum: string;
}

async function readMigrations(directory: string): Promise<Migration[]> {
	const entries = await readdir(directory, { withFileTypes: true });
	const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
	return Promise.all(
		names.sort().map(async (name) => {
			const sql = await readFile(`${directory}/${name}/migration.sql`, "utf8");
			return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
		}),
	);
}

async function readApplied(client: pg.Client): Promise<Map<string, string>> {
	const { rows } = await client.query<{ migration_name: string; checksum: string }>(
		"select migration_name, checksum from _prisma_migrations where finished_at is not null and rolled_back_at is null",
	);
	return new Map(rows.map((row) => [row.migration_name, row.checksum]));
}

function refuseUnlessPrefix(applied: ReadonlyMap<string, string>, migrations: readonly Migration[]): void {
	const known = new Map(migrations.map((migration) => [migration.name, migration.checksum]));
	for (const [name, checksum] of applied) {
		const ours = known.get(name);
		if (ours === undefined)
			throw new AppError(
				"conflict",
				`The database has the migration ${name}, which this version of Sluice does not know: start the newer version, or restore a backup made before it.`,
			);
		if (ours !== checksum)
			throw new AppError(
				"conflict",
				`The migration ${name} was changed after it had been applied: restore the file prisma/migrations/${name}/migration.sql and put the change into a new migration.`,
			);
	}
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
	await client.query("begin");
	try {
		await client.query(migration.sql);
		await client.query(
			`insert into _prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count)
			 values (gen_random_uuid()::text, $1, clock_timestamp(), $2, 1)`,
			[migration.checksum, migration.name],
		);
		await client.query("commit");
	} catch (cause) {
		await client.query("rollback");
		throw new AppError("internal", `The migration ${migration.name} cannot be applied; nothing of it was kept.`, { cause });
	}
}
