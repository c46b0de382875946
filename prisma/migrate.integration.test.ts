import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { migrate, migrationsDirectory } from "@/prisma/migrate";
import { type ScratchDatabase, scratchDatabase } from "@/server/store/testing/scratch-database";
import { holdScratchServer } from "@/server/store/testing/scratch-server";

const root = fileURLToPath(new URL("..", import.meta.url));
let scratch: ScratchDatabase;
let directory: string;
// Kept for all tests here: each drops its database, and the last drop would end the server.
let server: { release(): Promise<void> };
beforeAll(async () => {
	server = await holdScratchServer();
});
afterAll(() => server.release());
beforeEach(async () => {
	scratch = await scratchDatabase({ isMigrated: false });
	directory = await mkdtemp(`${tmpdir()}/sluice-migrations-`);
	await cp(migrationsDirectory, directory, { recursive: true });
});
afterEach(async () => {
	await scratch.drop();
	await rm(directory, { recursive: true });
});

test("three migrators at once apply each migration exactly once", async () => {
	const applied = (await Promise.all([1, 2, 3].map(() => migrate(scratch.url)))).flat();
	expect(applied.length).toBeGreaterThan(0);
	expect(new Set(applied).size).toBe(applied.length);
	expect(await migrate(scratch.url)).toEqual([]);
});

test("three processes that start at once all end well, and each migration is applied once", async () => {
	const program =
		'import("./prisma/migrate.ts").then(async ({ migrate }) => console.log(JSON.stringify(await migrate(process.env.URL))))';
	const run = () =>
		promisify(execFile)(process.execPath, ["--import", "tsx", "--eval", program], {
			cwd: root,
			env: { ...process.env, URL: scratch.url },
		});
	const outputs = await Promise.all([run(), run(), run()]);
	const applied = outputs.flatMap(({ stdout }) => JSON.parse(stdout) as string[]);
	expect(applied.sort()).toEqual((await readdir(migrationsDirectory)).filter((name) => /^\d/.test(name)).sort());
});

test("a migration that was edited after it was applied is refused by name", async () => {
	const [first] = await migrate(scratch.url, directory);
	await writeFile(`${directory}/${first}/migration.sql`, "select 1;");
	await expect(migrate(scratch.url, directory)).rejects.toThrow(`The migration ${first} was changed after it had been applied`);
});

test("a database newer than the code is refused, and left as it is", async () => {
	await addMigration("99990101000000_later", "create table later (id int)");
	await migrate(scratch.url, directory);
	await expect(migrate(scratch.url)).rejects.toThrow("which this version of Sluice does not know");
});

test("a migration that fails half-way leaves nothing and can be tried again", async () => {
	await addMigration("99990101000000_later", "create table later (id int); select 1/0;");
	await expect(migrate(scratch.url, directory)).rejects.toThrow("99990101000000_later cannot be applied");
	await addMigration("99990101000000_later", "create table later (id int);");
	expect(await migrate(scratch.url, directory)).toEqual(["99990101000000_later"]);
});

async function addMigration(name: string, sql: string): Promise<void> {
	await mkdir(`${directory}/${name}`, { recursive: true });
	await writeFile(`${directory}/${name}/migration.sql`, sql);
}
