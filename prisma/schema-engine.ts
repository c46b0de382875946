import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { PrismaPg } from "@prisma/adapter-pg";
import {
	bindMigrationAwareSqlAdapterFactory,
	ColumnTypeEnum,
	type SqlDriverAdapter,
	type SqlMigrationAwareDriverAdapterFactory,
} from "@prisma/driver-adapter-utils";
import type { SchemaEngine } from "@prisma/schema-engine-wasm";
import type pg from "pg";

/**
 * The SQL that brings the database at `databaseUrl` to prisma/schema; empty = nothing differs. By Prisma's own
 * engine as WebAssembly, because its binary cannot be had offline. What Prisma has no word for (partial indexes,
 * triggers) is neither seen nor touched.
 */
export async function sqlToSchema(databaseUrl: string): Promise<string> {
	const files = await schemaFiles();
	const engine = await openEngine(databaseUrl, files);
	try {
		const { stdout } = await engine.diff({
			from: { tag: "schemaDatasource", files, configDir: schemaDirectory },
			to: { tag: "schemaDatamodel", files },
			script: true,
			exitCode: null,
			filters: { externalTables: [], externalEnums: [] },
		});
		return (stdout ?? "").replace("-- This is an empty migration.", "").trim();
	} finally {
		engine.free();
	}
}

const schemaDirectory = fileURLToPath(new URL("schema", import.meta.url));

interface SchemaFile {
	path: string;
	content: string;
}

async function schemaFiles(): Promise<SchemaFile[]> {
	const names = (await readdir(schemaDirectory)).filter((name) => name.endsWith(".prisma")).sort();
	return Promise.all(names.map(async (name) => ({ path: name, content: await readFile(`${schemaDirectory}/${name}`, "utf8") })));
}

type Engine = typeof import("@prisma/schema-engine-wasm") & { __wbg_set_wasm(exports: WebAssembly.Exports): void };

let loading: Promise<Engine> | null = null;

/**
 * Node cannot import a .wasm file as a module yet, so the package's own entry is done by hand. Once a process: its
 * JavaScript half keeps views of the memory of the instance it met first.
 */
function engineModule(): Promise<Engine> {
	loading ??= loadEngine();
	return loading;
}

async function loadEngine(): Promise<Engine> {
	const folder = dirname(createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm"));
	const engine = (await import("@prisma/schema-engine-wasm/schema_engine_bg")) as unknown as Engine;
	const module = await WebAssembly.compile(await readFile(`${folder}/schema_engine_bg.wasm`));
	const instance = await WebAssembly.instantiate(module, {
		"./schema_engine_bg.js": engine as unknown as WebAssembly.ModuleImports,
	});
	engine.__wbg_set_wasm(instance.exports);
	const start = instance.exports.__wbindgen_start;
	if (typeof start === "function") start();
	// Called by the engine when it panics; without it the panic's text is lost.
	Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: (message: string) => console.error(message) } });
	return engine;
}

async function openEngine(databaseUrl: string, files: readonly SchemaFile[]): Promise<SchemaEngine> {
	const { SchemaEngine } = await engineModule();
	const factory = bindMigrationAwareSqlAdapterFactory(new SchemaAdapterFactory(databaseUrl));
	return SchemaEngine.new({ datamodels: files.map((file) => [file.path, file.content]) }, () => {}, factory);
}

class SchemaAdapterFactory implements SqlMigrationAwareDriverAdapterFactory {
	readonly provider = "postgres";
	readonly adapterName = "schema-engine";
	readonly #adapters: PrismaPg;

	constructor(databaseUrl: string) {
		this.#adapters = new PrismaPg({ connectionString: databaseUrl, max: 1 });
	}

	async connect(): Promise<SqlDriverAdapter> {
		const adapter = await this.#adapters.connect();
		return readingCatalogChars(adapter);
	}

	async connectToShadowDb(): Promise<SqlDriverAdapter> {
		throw new Error("The scratch database is migrated already; the engine needs no shadow.");
	}
}

/**
 * The one-byte "char" of Postgres' catalog is unknown to the adapter, and the engine wants a character, not a text. So
 * such columns are read as blank-padded text and relabelled afterwards. The engine asks one query after another.
 */
function readingCatalogChars(adapter: Awaited<ReturnType<PrismaPg["connect"]>>): SqlDriverAdapter {
	let characters = new Set<number>();
	const pool = adapter.underlyingDriver();
	const query = pool.query.bind(pool) as (...args: unknown[]) => Promise<pg.QueryResult>;
	const readable = async (...args: unknown[]) => {
		const result = await query(...args);
		characters = new Set(result.fields?.flatMap((field, index) => (field.dataTypeID === catalogChar ? [index] : [])));
		for (const field of result.fields ?? []) if (field.dataTypeID === catalogChar) field.dataTypeID = blankPaddedChar;
		return result;
	};
	const queryRaw = adapter.queryRaw.bind(adapter);
	return Object.assign(adapter, {
		client: Object.assign(pool, { query: readable }),
		queryRaw: async (...args: Parameters<typeof queryRaw>) => {
			const result = await queryRaw(...args);
			const columnTypes = result.columnTypes.map((type, index) => (characters.has(index) ? ColumnTypeEnum.Character : type));
			return { ...result, columnTypes };
		},
	});
}

/** Object ids of Postgres' catalog. */
const catalogChar = 18;
const blankPaddedChar = 1042;
