import pg from "pg";
import type { ArchiveWriter } from "@/adapters/archive/archive";
import { copyIn, copyOut } from "@/adapters/postgres/copy";
import { migrateTo } from "@/prisma/migrate";

export interface Table {
	readonly name: string;
	/** By name: the order in which a table has them may be another one elsewhere. */
	readonly columns: readonly string[];
}

export interface DatabaseFacts {
	/** Names and checksums, in their order: how the tables were. */
	readonly migrations: readonly (readonly [string, string])[];
	readonly tables: readonly Table[];
	/** What each sequence would give next. */
	readonly sequences: Readonly<Record<string, string>>;
	/** Whose data is on hosts and not in the backup; absent in older ones. */
	readonly volumes?: readonly VolumeFacts[];
}

export interface VolumeFacts {
	readonly service: string;
	readonly environment: string;
	readonly name: string;
	readonly host: string;
}

const factsPath = "database/facts.json";

function tablePath(name: string): string {
	return `database/tables/${name}`;
}

/** All tables as they were at one moment: one transaction that sees nothing later. Writers are not held up. */
export async function addDatabase(
	archive: ArchiveWriter,
	databaseUrl: string,
	note: (detail: string) => void,
): Promise<DatabaseFacts> {
	return withClient(databaseUrl, async (client) => {
		await client.query("begin transaction isolation level repeatable read read only");
		const facts = await factsOf(client);
		for (const [index, { name, columns }] of facts.tables.entries()) {
			note(`table ${index + 1} of ${facts.tables.length}`);
			await archive.add(tablePath(name), copyOut(client, `copy ${listed(name, columns)} to stdout`));
		}
		await client.query("commit");
		await archive.addText(factsPath, JSON.stringify(facts));
		return facts;
	});
}

async function factsOf(client: pg.Client): Promise<DatabaseFacts> {
	const migrations = await client.query<{ name: string; checksum: string }>(
		`select migration_name as name, checksum from _prisma_migrations
		where finished_at is not null and rolled_back_at is null order by migration_name`,
	);
	const tables = await client.query<Table>(
		`select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
		from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
		where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> '_prisma_migrations'
		group by c.relname order by c.relname`,
	);
	const sequences = await client.query<{ name: string; last: string | null }>(
		"select sequencename as name, last_value::text as last from pg_sequences where schemaname = 'public'",
	);
	return {
		volumes: await volumesIn(client, tables.rows),
		migrations: migrations.rows.map(({ name, checksum }) => [name, checksum] as const),
		tables: tables.rows,
		sequences: Object.fromEntries(sequences.rows.flatMap(({ name, last }) => (last === null ? [] : [[name, last]]))),
	};
}

/** A database from before volumes has none. */
async function volumesIn(client: pg.Client, tables: readonly Table[]): Promise<VolumeFacts[]> {
	if (!tables.some(({ name }) => name === "volume")) return [];
	const { rows } = await client.query<VolumeFacts>(
		`select service, environment, name, "hostId" as host from volume
		where "removedAt" is null order by service, environment, name`,
	);
	return rows;
}

function listed(name: string, columns: readonly string[]): string {
	return `${pg.escapeIdentifier(name)} (${columns.map((column) => pg.escapeIdentifier(column)).join(", ")})`;
}

export function factsIn(path: string, content: Buffer): DatabaseFacts | null {
	return path === factsPath ? (JSON.parse(content.toString("utf8")) as DatabaseFacts) : null;
}

/** What gives the backup's tables again, one after the other. */
export type ReadTables = (onTable: (name: string, rows: AsyncIterable<Buffer>) => Promise<void>) => Promise<void>;

export function tableOf(path: string): string | null {
	const folder = tablePath("");
	return path.startsWith(folder) ? path.slice(folder.length) : null;
}

/**
 * Fills an empty database: its tables are made as they were at the backup, filled in one transaction with their
 * references checked at the end, and are brought to this version's form afterwards by `migrate`.
 */
export async function fillDatabase(databaseUrl: string, facts: DatabaseFacts, readTables: ReadTables): Promise<void> {
	await migrateTo(databaseUrl, new Map(facts.migrations));
	await withClient(databaseUrl, async (client) => {
		await client.query("begin");
		const constraints = await dropConstraints(client);
		await emptyOfMigrations(client, facts.tables);
		await readTables(async (name, rows) => {
			const table = facts.tables.find((one) => one.name === name);
			if (table) await copyIn(client, `copy ${listed(name, table.columns)} from stdin`, rows);
		});
		for (const sql of constraints) await client.query(sql);
		for (const [name, last] of Object.entries(facts.sequences))
			await client.query("select setval($1::regclass, $2)", [pg.escapeIdentifier(name), last]);
		await client.query("commit");
		await client.query("analyze");
	});
}

/** A migration may have put rows of its own in; the audit trail, which refuses to be emptied, is none of them. */
async function emptyOfMigrations(client: pg.Client, tables: readonly Table[]): Promise<void> {
	for (const { name } of tables) {
		const { rows } = await client.query(`select from ${pg.escapeIdentifier(name)} limit 1`);
		if (rows.length > 0) await client.query(`delete from ${pg.escapeIdentifier(name)}`);
	}
}

/**
 * Tables come in any order, so references are taken away and made again, which checks every row; rules that rows from
 * before them break are taken away and made again, too, and look at later rows only, as before.
 */
async function dropConstraints(client: pg.Client): Promise<string[]> {
	const { rows } = await client.query<{ table: string; name: string; definition: string }>(
		`select conrelid::regclass::text as table, conname as name, pg_get_constraintdef(oid) as definition
		from pg_constraint where (contype = 'f' or contype = 'c' and not convalidated) and connamespace = 'public'::regnamespace`,
	);
	for (const { table, name } of rows) await client.query(`alter table ${table} drop constraint ${pg.escapeIdentifier(name)}`);
	return rows.map(
		({ table, name, definition }) => `alter table ${table} add constraint ${pg.escapeIdentifier(name)} ${definition}`,
	);
}

async function withClient<T>(databaseUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
	const client = new pg.Client({ connectionString: databaseUrl });
	// What breaks is told by the query that it breaks.
	client.on("error", () => undefined);
	await client.connect();
	try {
		return await work(client);
	} finally {
		await client.end();
	}
}
