import { expect, test } from "vitest";
import { sqlToSchema } from "@/prisma/schema-engine";
import { scratchDatabase } from "@/server/store/testing/scratch-database";

test("the migrations say what prisma/schema says, and a database that drifted is seen", async () => {
	const scratch = await scratchDatabase();
	try {
		expect(await sqlToSchema(scratch.url)).toBe("");
		await scratch.database.$executeRaw`alter table host drop column problem`;
		expect(await sqlToSchema(scratch.url)).toContain('ADD COLUMN     "problem"');
	} finally {
		await scratch.drop();
	}
});
