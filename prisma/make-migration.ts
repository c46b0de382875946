/**
 * `npm run migration -- <name>`: writes prisma/migrations/<time>_<name>/migration.sql with what prisma/schema has and
 * the migrations do not. Read it before you commit it: a renamed column looks like a dropped and a new one.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { migrationsDirectory } from "@/prisma/migrate";
import { sqlToSchema } from "@/prisma/schema-engine";
import { scratchDatabase } from "@/server/store/testing/scratch-database";

const name = process.argv[2];
if (!name || !/^[a-z][a-z0-9_]*$/.test(name)) {
	console.error("Usage: npm run migration -- <name>, in lower case with underscores: npm run migration -- add_routes");
	process.exit(2);
}
const scratch = await scratchDatabase();
try {
	const sql = await sqlToSchema(scratch.url);
	if (sql === "") {
		console.log("The migrations already say what prisma/schema says.");
	} else {
		const time = new Date().toISOString().replaceAll(/\D/g, "").slice(0, 14);
		const directory = `${migrationsDirectory}/${time}_${name}`;
		await mkdir(directory);
		await writeFile(`${directory}/migration.sql`, `${sql}\n`);
		console.log(`${directory}/migration.sql`);
	}
} finally {
	await scratch.drop();
}
