import { afterAll, beforeAll, expect, test } from "vitest";
import { listen } from "@/adapters/postgres/listen";
import { type ScratchDatabase, scratchDatabase } from "@/server/store/testing/scratch-database";
import { severableLine } from "@/server/store/testing/severable-line";

let scratch: ScratchDatabase;
beforeAll(async () => {
	scratch = await scratchDatabase({ isMigrated: false });
});
afterAll(() => scratch.drop());

test("a lost connection is made again, every channel is told to look for itself, and notices go on", async () => {
	const line = await severableLine(scratch.url);
	const heard: (string | null)[] = [];
	const problems: unknown[] = [];
	const listener = await listen(
		line.url,
		["news", "more"],
		(channel, payload) => heard.push(payload ?? `look ${channel}`),
		(error) => problems.push(error),
	);
	await scratch.database.$executeRaw`select pg_notify('news', 'one')`;
	await expect.poll(() => heard, { timeout: 15_000 }).toEqual(["one"]);
	line.cut();
	await expect.poll(() => problems.length, { timeout: 15_000 }).toBeGreaterThan(2);
	line.mend();
	await expect.poll(() => heard, { timeout: 10_000 }).toEqual(["one", "look news", "look more"]);
	await scratch.database.$executeRaw`select pg_notify('more', 'two')`;
	await expect.poll(() => heard.at(-1), { timeout: 15_000 }).toBe("two");
	await listener.close();
	await line.close();
});

test("closing while Postgres is away ends at once", async () => {
	const line = await severableLine(scratch.url);
	const problems: unknown[] = [];
	const listener = await listen(
		line.url,
		["news"],
		() => {},
		(error) => problems.push(error),
	);
	line.cut();
	await expect.poll(() => problems.length, { timeout: 15_000 }).toBeGreaterThan(1);
	await listener.close();
	await line.close();
});

test("without a Postgres at the start it throws, so the caller decides", async () => {
	await expect(listen("postgresql://nobody@127.0.0.1:1/none", ["news"], () => {})).rejects.toThrow();
});
