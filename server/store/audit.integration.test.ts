import { afterAll, beforeAll, expect, test } from "vitest";
import { systemActor } from "@/domain/roles";
import { recordAudit } from "@/server/store/audit";
import { type ScratchDatabase, scratchDatabase } from "@/server/store/testing/scratch-database";

let scratch: ScratchDatabase;
beforeAll(async () => {
	scratch = await scratchDatabase();
});
afterAll(() => scratch.drop());

const record = { action: "host.join", subjectKind: "host", subject: "h1", summary: "Host h1 joined.", data: { roles: ["node"] } };

test("an audit row can be neither changed, deleted nor truncated", async () => {
	await scratch.database.$transaction((tx) => recordAudit(tx, systemActor, record));
	await expect(scratch.database.auditRow.updateMany({ data: { summary: "no" } })).rejects.toThrow("audit trail is never changed");
	await expect(scratch.database.auditRow.deleteMany()).rejects.toThrow("audit trail is never changed");
	await expect(scratch.database.$executeRaw`truncate audit`).rejects.toThrow("audit trail is never changed");
	expect(await scratch.database.auditRow.findMany()).toMatchObject([{ ...record, actorKind: "system", actorName: "sluice" }]);
});

test("a change that is rolled back leaves no audit row", async () => {
	const before = await scratch.database.auditRow.count();
	const failing = scratch.database.$transaction(async (tx) => {
		await recordAudit(tx, systemActor, record);
		throw new Error("the change failed");
	});
	await expect(failing).rejects.toThrow("the change failed");
	expect(await scratch.database.auditRow.count()).toBe(before);
});

test("a second unfinished rollout of a service in an environment is refused by the database", async () => {
	const start = (number: number, state: string) =>
		scratch.database.rollout.create({
			data: {
				id: `r${number}`,
				service: "orders",
				environment: "staging",
				number,
				strategy: "rolling",
				state,
				toReleaseId: "rel",
				plan: {},
				intentHash: "x",
				startedBy: "u",
			},
		});
	for (const [index, state] of ["promoted", "rolled-back", "failed", "superseded"].entries()) await start(index, state);
	await start(10, "waiting");
	for (const state of ["queued", "running", "rolling-back", "waiting"])
		await expect(start(11, state)).rejects.toThrow(/[Uu]nique/);
	await scratch.database.rollout.update({ where: { id: "r10" }, data: { state: "promoted" } });
	await start(11, "queued");
});
