import { expect, test } from "vitest";
import { judge } from "./judge";
import type { RequestRecord } from "./model";

const good: RequestRecord = {
	kind: "keep-alive",
	plannedMs: 0,
	endedMs: 5,
	status: 200,
	closeCode: null,
	release: "1",
	error: null,
};

test("a history of good answers has no failure", () => {
	const stream: RequestRecord = { ...good, kind: "stream", status: 101, closeCode: 1000 };
	expect(judge([good, { ...good, kind: "long" }, stream])).toMatchObject({
		requests: 3,
		failed: 0,
		longFailed: 0,
		streams: 1,
		streamsCut: 0,
	});
});

test("a 503, a reset, a lost long request and a stream that never opens are failures", () => {
	const verdict = judge([
		{ ...good, status: 503 },
		{ ...good, kind: "new-connection", status: null, error: "ECONNRESET" },
		{ ...good, kind: "long", status: null, error: "timeout" },
		{ ...good, kind: "stream", status: 502 },
		good,
	]);
	expect(verdict).toMatchObject({ failed: 4, longFailed: 1, streamsCut: 0 });
	expect(verdict.causes.map((entry) => entry.cause).sort()).toEqual([
		"keep-alive: status 503",
		"long: timeout",
		"new-connection: ECONNRESET",
		"stream: status 502",
	]);
	expect(verdict.failures[1]).toEqual({ endedMs: 5, cause: "new-connection: ECONNRESET" });
});

test("a stream that ends without a close frame is cut, not failed", () => {
	expect(judge([{ ...good, kind: "stream", status: 101, closeCode: null }])).toMatchObject({
		failed: 0,
		streams: 1,
		streamsCut: 1,
	});
});

test("latency is taken from the planned time of keep-alive requests that succeeded", () => {
	const history = Array.from({ length: 100 }, (_, index) => ({ ...good, endedMs: index + 1 }));
	expect(judge([...history, { ...good, endedMs: 9_999, status: 500 }]).latencyMs).toEqual({ p50: 50, p95: 95, p99: 99 });
});
