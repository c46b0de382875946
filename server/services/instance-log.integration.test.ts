import { afterAll, beforeAll, expect, test } from "vitest";
import { InstanceLogWriter } from "@/adapters/instance-log/writer";
import { AppError } from "@/domain/errors";
import { type InstanceLine, lineTimeOf, type NumberedLine } from "@/domain/instance-log/model";
import { openSource } from "@/server/live/sources";
import { openTestPortal, type TestPortal } from "@/server/testing/portal";
import { appRouter } from "@/server/trpc/router";

let portal: TestPortal;
let writer: InstanceLogWriter;
const identity = { service: "orders", environment: "staging" };
const container = "0123456789ab";
const start = Date.now() - 60_000;

beforeAll(async () => {
	portal = await openTestPortal();
	writer = new InstanceLogWriter(portal.deps.env.paths.instanceLogs);
	const { database } = portal.deps;
	await database.service.create({ data: { name: "orders", createdBy: "u" } });
	await database.host.create({ data: { id: "m1", address: "10.9.0.2", roles: ["node"] } });
	for (const [id, goneAt] of [
		["orders-staging-1-1a", new Date()],
		["orders-staging-2-2a", null],
	] as const)
		await database.instance.create({
			data: {
				...{ id, hostId: "m1", ...identity, releaseId: "r", release: goneAt ? 1 : 2, rolloutId: "x", spec: {} },
				...{ phase: goneAt ? "gone" : "serving", goneAt },
			},
		});
	await writer.append(identity, "orders-staging-1-1a", container, lines(1, 10));
	await writer.append(identity, "orders-staging-2-2a", container, lines(11, 20));
});
afterAll(() => portal.close());

const line = (number: number, text = `line ${number}`): NumberedLine => ({
	...{ time: lineTimeOf(start + number * 1_000), number, stream: "out", text },
});
const lines = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => line(from + index));
const as = (role: "viewer" | "developer") => appRouter.createCaller({ deps: portal.deps, actor: portal.actor(role) }).log;
const numbers = (page: { lines: readonly InstanceLine[] }) => page.lines.map(({ number }) => number);

test("pages go back from the newest and forward from the oldest, over instances that run and that are gone", async () => {
	const log = as("developer");
	const newest = await log.read({ ...identity, limit: 7 });
	expect(numbers(newest)).toEqual([14, 15, 16, 17, 18, 19, 20]);
	const before = await log.read({ ...identity, limit: 7, from: newest.next });
	expect([numbers(before), before.lines[0]?.instance]).toEqual([[7, 8, 9, 10, 11, 12, 13], "orders-staging-1-1a"]);
	const rest = await log.read({ ...identity, limit: 7, from: before.next });
	expect([numbers(rest), rest.next]).toEqual([[1, 2, 3, 4, 5, 6], null]);
	expect(numbers(await log.read({ ...identity, limit: 3, direction: "forward" }))).toEqual([1, 2, 3]);
	const span = { since: new Date(start + 3_000).toISOString(), until: new Date(start + 6_000).toISOString() };
	expect(numbers(await log.read({ ...identity, ...span }))).toEqual([3, 4, 5]);
	expect(numbers(await log.read({ ...identity, instance: "orders-staging-1-1a", search: "LINE 1" }))).toEqual([1, 10]);
});

test("instances are told with their hosts, what runs first", async () => {
	await writer.append(identity, "orders-staging-0-0a", container, lines(1, 1));
	expect(await as("developer").instances(identity)).toEqual([
		{ id: "orders-staging-2-2a", host: "m1", release: 2, isGone: false },
		{ id: "orders-staging-1-1a", host: "m1", release: 1, isGone: true },
		{ id: "orders-staging-0-0a", host: null, release: null, isGone: true },
	]);
});

test("a viewer is refused with a sentence, in pages and live", async () => {
	await expect(as("viewer").read(identity)).rejects.toThrow("log.read needs the role developer; viewer is viewer.");
	await expect(as("viewer").instances(identity)).rejects.toThrow("log.instances needs the role developer");
	const live = openSource(portal.deps, portal.actor("viewer"), ["log", "orders", "staging"], 0);
	await expect(live).rejects.toEqual(expect.objectContaining({ code: "forbidden" }));
});

test("names that are none read nothing, wherever they are put", async () => {
	const log = as("developer");
	for (const wrong of [
		{ service: "../orders" },
		{ service: "none" },
		{ environment: ".." },
		{ environment: "staging/orders-staging-1-1a" },
		{ instance: "../../.." },
	]) {
		await expect(log.read({ ...identity, ...wrong })).rejects.toThrow(/There is no service/);
		const path = ["log", ...Object.values({ ...identity, instance: "orders-staging-1-1a", ...wrong })];
		await expect(openSource(portal.deps, portal.actor("developer"), path, 0)).rejects.toThrow(AppError);
	}
	await expect(log.read({ ...identity, from: "../../etc/passwd" })).rejects.toThrow(/is no place in a log/);
});

test("what comes is told live, once, and again from where a reader left", async () => {
	const source = await openSource(portal.deps, portal.actor("developer"), ["log", "orders", "staging"], start + 20_000 + 15_000);
	const next = async () => (await source.read()).flatMap(({ data }) => (data as InstanceLine[]).map(({ number }) => number));
	expect(await next()).toEqual([20]);
	expect(await next()).toEqual([]);
	await writer.append(identity, "orders-staging-2-2a", container, lines(21, 23));
	const changes = await source.read();
	expect(changes.map(({ data, id }) => [(data as InstanceLine[]).map(({ number }) => number), id])).toEqual([
		[[21, 22, 23], start + 35_000],
	]);
	expect(await next()).toEqual([]);
});
