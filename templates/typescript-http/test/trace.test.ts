import assert from "node:assert/strict";
import { test } from "node:test";
import { isSampled, passedOn, traceOf } from "../src/trace.ts";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const spanId = "00f067aa0ba902b7";

test("a trace is continued with a span of its own, and goes on with its state and baggage", () => {
	const trace = traceOf({
		traceparent: `00-${traceId}-${spanId}-01`,
		tracestate: "a=1",
		baggage: "lane=blue",
		"x-request-id": "r1",
	});
	assert.equal(trace.parentId, spanId);
	assert.notEqual(trace.spanId, spanId);
	assert.deepEqual(passedOn(trace, trace.spanId), {
		"x-request-id": "r1",
		traceparent: `00-${traceId}-${trace.spanId}-01`,
		tracestate: "a=1",
		baggage: "lane=blue",
	});
});

test("a trace that is not well-formed begins anew", () => {
	const wrong = [
		undefined,
		"nonsense",
		`ff-${traceId}-${spanId}-01`,
		`00-${"0".repeat(32)}-${spanId}-01`,
		`00-${traceId}-${"0".repeat(16)}-01`,
		`00-${traceId.toUpperCase()}-${spanId}-01`,
		`00-${traceId}-${spanId}-01-more`,
	];
	for (const traceparent of wrong) {
		const trace = traceOf({ traceparent, tracestate: "a=1" });
		assert.notEqual(trace.traceId, traceId, traceparent);
		assert.match(trace.traceId, /^[0-9a-f]{32}$/);
		assert.equal(trace.parentId, null);
		assert.equal(trace.state, null);
	}
	const later = traceOf({ traceparent: `01-${traceId}-${spanId}-00-more` });
	assert.equal(later.traceId, traceId);
	assert.equal(isSampled(later), false);
});

test("a strange request id is replaced, and baggage that is too long stays here", () => {
	assert.match(traceOf({ "x-request-id": "a b" }).requestId, /^[0-9a-f]{32}$/);
	assert.equal(traceOf({ baggage: "a".repeat(8193) }).baggage, null);
});
