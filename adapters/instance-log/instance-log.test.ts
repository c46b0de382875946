import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
	compareLines,
	type InstanceLine,
	type LinePlace,
	lineTimeOf,
	type NumberedLine,
	placeText,
} from "@/domain/instance-log/model";
import { type LogQuery, readLog } from "./reader";
import { LogTail } from "./tail";
import { tidyLogs } from "./tidy";
import { InstanceLogWriter } from "./writer";

const identity = { service: "orders", environment: "staging" };
const container = "abcdef012345";
const segmentBytes = 512 * 1024;
const start = 1_795_000_000_000;
let root: string;
let writer: InstanceLogWriter;
beforeEach(() => {
	root = mkdtempSync(`${tmpdir()}/sluice-logs-`);
	writer = new InstanceLogWriter(root, segmentBytes);
});
afterEach(() => rmSync(root, { recursive: true }));

const line = (number: number, atMs = start + number, text = `line ${number}`): NumberedLine => ({
	...{ time: lineTimeOf(atMs), number, stream: "out", text },
});
const lines = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => line(from + index));
const everything: LogQuery = {
	...{ direction: "forward", instance: null, from: null, since: null, until: null, search: "", limit: 1_000_000 },
};
const read = (query: Partial<LogQuery> = {}, scanBytes?: number) =>
	readLog(root, identity, { ...everything, ...query }, scanBytes);
const numbers = async (query: Partial<LogQuery> = {}) => (await read(query)).lines.map(({ number }) => number);
const filesOf = (instance: string) => readdirSync(`${root}/orders/staging/${instance}`);
const fileOf = (instance: string) => `${root}/orders/staging/${instance}/${filesOf(instance).at(-1)}`;
/** Of about 1 kB, so that segments fill. */
const long = (number: number) => line(number, start + number * 10, `${number} ${"x".repeat(1_000)}`);
const longLines = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => long(from + index));

describe("what is appended", () => {
	it("is there once, however often it is sent, also by a relay that starts anew", async () => {
		expect(await writer.append(identity, "a", container, lines(1, 10))).toBe(10);
		expect(await writer.append(identity, "a", container, lines(5, 12))).toBe(2);
		expect(await new InstanceLogWriter(root).append(identity, "a", container, lines(1, 13))).toBe(1);
		expect(await numbers()).toEqual(lines(1, 13).map(({ number }) => number));
	});

	it("after a power cut follows the last whole line", async () => {
		await writer.append(identity, "a", container, lines(1, 3));
		appendFileSync(fileOf("a"), "2026-11-24T13:1");
		expect(await new InstanceLogWriter(root).append(identity, "a", container, lines(3, 4))).toBe(1);
		expect(readFileSync(fileOf("a"), "utf8").split("\n")).toHaveLength(5);
		expect(await numbers()).toEqual([1, 2, 3, 4]);
	});

	it("goes on in a new segment when one is full, and when the host's clock went back", async () => {
		await writer.append(identity, "a", container, longLines(1, 1_200));
		expect(filesOf("a")).toHaveLength(3);
		await writer.append(identity, "a", container, [line(1_201, start - 60_000)]);
		expect(filesOf("a")).toHaveLength(4);
		expect((await numbers()).slice(0, 2)).toEqual([1_201, 1]);
	});

	it("a moment earlier than the line before stays behind it, in the same segment", async () => {
		await writer.append(identity, "a", container, [line(1, start + 20), line(2, start + 10), line(3, start + 30)]);
		await writer.append(identity, "a", container, [line(2, start + 10), line(3, start + 30), line(4, start + 29)]);
		expect([await numbers(), filesOf("a").length]).toEqual([[1, 2, 3, 4], 1]);
	});

	it("comes in the order it was sent, from many at once", async () => {
		await Promise.all([lines(1, 5), lines(3, 8), lines(7, 9)].map((part) => writer.append(identity, "a", container, part)));
		expect(await numbers()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
	});

	it("never leaves its folder", () => {
		for (const name of ["..", "a/b", "", "A", "ä"]) {
			expect(() => writer.append(identity, name, container, lines(1, 1))).toThrow(/is no instance/);
			expect(() => writer.append({ ...identity, service: name }, "a", container, lines(1, 1))).toThrow(/is no name/);
		}
	});
});

describe("what is read", () => {
	/** Three instances side by side, one of them with segments that overlap in time. */
	async function fill(): Promise<InstanceLine[]> {
		const all: InstanceLine[] = [];
		for (const [index, instance] of ["a", "b", "c"].entries()) {
			const own = longLines(1, 1_400).map((one) => ({ ...one, time: lineTimeOf(start + one.number * 10 + (index % 2)) }));
			if (instance === "c") own.push(...longLines(1_401, 1_450).map((one) => ({ ...one, time: lineTimeOf(start + one.number) })));
			await writer.append(identity, instance, container, own);
			all.push(...own.map((one) => ({ ...one, instance, container })));
		}
		return all.sort(compareLines);
	}

	it("in pages of any size, both ways, is everything once and in order", async () => {
		const all = await fill();
		for (const direction of ["forward", "backward"] as const) {
			const pages: InstanceLine[][] = [];
			let from: LinePlace | null = null;
			do {
				const page = await read({ direction, from, limit: 477 });
				pages.push([...page.lines]);
				from = page.next;
			} while (from !== null);
			const seen = (direction === "forward" ? pages : pages.reverse()).flat();
			expect(seen.map(placeText)).toEqual(all.map(placeText));
		}
	});

	it("of a span of time is what is in it, and little else is looked at", async () => {
		const all = await fill();
		const since = lineTimeOf(start + 6_000);
		const until = lineTimeOf(start + 6_500);
		const wanted = all.filter(({ time }) => time >= since && time < until);
		for (const direction of ["forward", "backward"] as const) {
			// Two blocks of each of the three instances are enough.
			const page = await read({ direction, since, until }, 6 * 256 * 1024 + 1);
			expect([page.lines, page.next, page.isCut]).toEqual([wanted, null, false]);
		}
		expect((await read({ since, until, instance: "b" })).lines).toEqual(wanted.filter(({ instance }) => instance === "b"));
	});

	it("finds words, colours left out, and goes on where it gave up for now", async () => {
		await fill();
		await writer.append(identity, "a", container, [
			line(1_500, start + 5_000, "\u001b[31mPay\u001b[1mment\u001b[0m refused"),
			line(1_501, start + 5_001, "paid"),
		]);
		for (const direction of ["forward", "backward"] as const) {
			let page = await read({ direction, search: "payMENT Refused" }, 256 * 1024);
			let looks = 1;
			const found = [...page.lines];
			while (page.next !== null) {
				page = await read({ direction, search: "payMENT Refused", from: page.next }, 256 * 1024);
				found.push(...page.lines);
				looks += 1;
			}
			expect(found.map(({ number }) => number)).toEqual([1_500]);
			expect(looks).toBeGreaterThan(5);
		}
		expect(await numbers({ search: container })).toEqual([]);
	});

	it("is nothing where nothing is", async () => {
		expect(await read()).toEqual({ lines: [], next: null, isCut: false });
		expect(await read({ instance: "none" })).toEqual({ lines: [], next: null, isCut: false });
	});
});

describe("what comes", () => {
	it("is told once, from where it was asked for, with instances that appear later and lines that come late", async () => {
		await writer.append(identity, "a", container, lines(1, 10));
		const tail = new LogTail(root, identity, null, lineTimeOf(start + 8));
		const next = async () => (await tail.read()).map(({ instance, number }) => `${instance}${number}`);
		expect(await next()).toEqual(["a8", "a9", "a10"]);
		expect(await next()).toEqual([]);
		await writer.append(identity, "a", container, lines(11, 12));
		// Told late: older than what was seen.
		await writer.append(identity, "b", container, lines(1, 2));
		expect(await next()).toEqual(["b1", "b2", "a11", "a12"]);
		await writer.append(identity, "a", container, longLines(1_300, 2_600));
		const rest: string[] = [];
		for (let part = await next(); part.length > 0; part = await next()) rest.push(...part);
		expect([rest.length, rest[0], rest.at(-1)]).toEqual([1_301, "a1300", "a2600"]);
		await tidyLogs(root, { keptMs: 1e9, serviceBytes: 0 }, Date.now());
		expect(await next()).toEqual([]);
		await writer.append(identity, "a", container, [long(2_601)]);
		expect(await next()).toEqual(["a2601"]);
	});
});

describe("what is kept", () => {
	it("is what is young, and of a service no more than it may have, the newest", async () => {
		await writer.append(identity, "old", container, lines(1, 3));
		await writer.append(identity, "new", container, longLines(1, 1_200));
		const other = { service: "web", environment: "staging" };
		await writer.append(other, "web", container, lines(1, 3));
		const nowMs = Date.now();
		utimesSync(fileOf("old"), new Date(nowMs - 5_000), new Date(nowMs - 5_000));
		expect(await tidyLogs(root, { keptMs: 10_000, serviceBytes: 1e9 }, nowMs)).toBe(0);
		expect(await tidyLogs(root, { keptMs: 4_000, serviceBytes: 1e9 }, nowMs)).toBe(1);
		expect(readdirSync(`${root}/orders/staging`)).toEqual(["new"]);
		const newest = fileOf("new");
		expect(await tidyLogs(root, { keptMs: 10_000, serviceBytes: segmentBytes }, nowMs)).toBe(2);
		expect(fileOf("new")).toBe(newest);
		expect(readdirSync(`${root}/web/staging/web`)).toHaveLength(1);
	});
});
