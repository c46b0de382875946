import { appendFileSync, readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lineTimeOf, type NumberedLine } from "@/domain/instance-log/model";
import { openTestRelay, type TestRelay } from "@/server/relay/testing/open-test-relay";
import type { TestHost } from "@/server/relay/testing/test-host";

let relay: TestRelay;
let host: TestHost;
const container = "0123456789ab";

beforeAll(async () => {
	relay = await openTestRelay();
	host = await relay.joined("m1");
	await relay.joined("m2");
	for (const [id, hostId] of [
		["orders-staging-1-1a", "m1"],
		["orders-staging-1-1b", "m2"],
	] as const)
		await relay.database.instance.create({
			data: {
				...{ id, hostId, service: "orders", environment: "staging", releaseId: "r", release: 1, rolloutId: "x", spec: {} },
				...{ phase: "gone", desired: false, goneAt: new Date() },
			},
		});
});
afterAll(() => relay.close());

const line = (number: number, more: Partial<Record<keyof NumberedLine, unknown>> = {}) => ({
	...{ time: lineTimeOf(1_795_000_000_000 + number), number, stream: "out", text: `line ${number}` },
	...more,
});
const tell = (lines: unknown[], more: object = {}) =>
	host.send("POST", "/v1/logs", { logs: [{ instance: "orders-staging-1-1a", container, lines, ...more }] });
const folder = () => `${relay.env.paths.instanceLogs}/orders/staging`;
const written = (instance = "orders-staging-1-1a") =>
	readdirSync(`${folder()}/${instance}`)
		.map((name) => readFileSync(`${folder()}/${instance}/${name}`, "utf8"))
		.join("");

test("what a host tells of its own instance is on the disk when it is taken, and told again it is there once", async () => {
	for (let time = 0; time < 3; time += 1) expect((await tell([line(1), line(2)])).status).toBe(204);
	expect((await tell([line(2), line(3, { stream: "err", text: "\u001b[31mred\u0000\ufffd" })])).status).toBe(204);
	expect(written().split("\n").slice(0, -1)).toEqual([
		`2026-11-18T11:06:40.001000000Z 1 ${container} o line 1`,
		`2026-11-18T11:06:40.002000000Z 2 ${container} o line 2`,
		`2026-11-18T11:06:40.003000000Z 3 ${container} e \u001b[31mred\u0000\ufffd`,
	]);
});

test("of an instance on another host, or of none, nothing is taken, and nothing of what came with it", async () => {
	for (const instance of ["orders-staging-1-1b", "orders-staging-9-9z"]) {
		const good = { instance: "orders-staging-1-1a", container, lines: [line(50)] };
		const refused = await host.send("POST", "/v1/logs", { logs: [good, { instance, container, lines: [line(1)] }] });
		expect([refused.status, refused.body]).toEqual([
			403,
			{ code: "forbidden", message: `Host m1 cannot tell logs of instance ${instance}.` },
		]);
	}
	const stranger = await relay.newHost();
	expect((await stranger.send("POST", "/v1/logs", { logs: [] })).status).toBe(401);
	expect(readdirSync(folder())).toEqual(["orders-staging-1-1a"]);
	expect(written()).not.toContain("line 50");
});

test("what is no line of an instance is refused", async () => {
	const wrong: object[] = [
		...[{ time: "yesterday" }, { time: "2026-99-18T11:06:40.001000000Z" }, { number: 0 }, { number: 1.5 }, { stream: "in" }],
		...[{ text: "two\nlines" }, { text: "x".repeat(20_000) }, { text: 5 }],
	];
	for (const more of wrong) expect([more, (await tell([line(60, more)])).status]).toEqual([more, 400]);
	for (const more of [{ instance: "../../../x" }, { instance: "a/b" }, { container: "../x" }, { container: "" }])
		expect([more, (await tell([line(60)], more)).status]).toEqual([more, 400]);
	expect((await tell([line(60, { text: "x".repeat(9 * 1024 * 1024) })])).status).toBe(400);
	expect(written()).not.toContain(" 60 ");
});

test("after a torn write the next batch is whole", async () => {
	const [file = ""] = readdirSync(`${folder()}/orders-staging-1-1a`);
	appendFileSync(`${folder()}/orders-staging-1-1a/${file}`, "2026-11-18T11:0");
	expect((await tell([line(3), line(4)])).status).toBe(204);
	expect(
		written()
			.split("\n")
			.map((one) => one.split(" ")[1]),
	).toEqual(["1", "2", "3", "4", undefined]);
});
