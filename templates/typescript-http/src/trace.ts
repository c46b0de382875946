import { randomBytes } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/**
 * What one request carries through all services: whose it is, and where in its way it is.
 * https://www.w3.org/TR/trace-context/ and https://www.w3.org/TR/baggage/
 */
export interface Trace {
	readonly requestId: string;
	readonly traceId: string;
	/** The span of the caller; null where the way begins here. */
	readonly parentId: string | null;
	/** This service's own span, the parent of what it calls. */
	readonly spanId: string;
	readonly flags: string;
	readonly state: string | null;
	/** Kept as it came: lanes and experiments are told by it. */
	readonly baggage: string | null;
}

const traceparent = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const requestId = /^[A-Za-z0-9._:/+=-]{1,128}$/;
/** What the recommendation asks everybody to pass on. */
const maxBaggage = 8192;

/** Continues the caller's trace; without one, or with one that is not well-formed, a new one begins. */
export function traceOf(headers: IncomingHttpHeaders): Trace {
	const id = textOf(headers["x-request-id"]);
	const baggage = textOf(headers.baggage);
	const own = {
		requestId: id !== null && requestId.test(id) ? id : randomHex(16),
		spanId: randomHex(8),
		baggage: baggage !== null && baggage.length <= maxBaggage ? baggage : null,
	};
	const [, version, traceId, parentId, flags, more] = traceparent.exec(textOf(headers.traceparent) ?? "") ?? [];
	// ff is no version, only later versions may have more fields, and ids of zeros are none.
	const isUsable = version !== "ff" && (version !== "00" || more === undefined) && !isZero(traceId) && !isZero(parentId);
	if (!traceId || !parentId || !flags || !isUsable) {
		return { ...own, traceId: randomHex(16), parentId: null, flags: "01", state: null };
	}
	return { ...own, traceId, parentId, flags, state: textOf(headers.tracestate) };
}

export function isSampled(trace: Trace): boolean {
	return (Number.parseInt(trace.flags, 16) & 1) === 1;
}

/** The headers of a request to another service, as a child of the given span. */
export function passedOn(trace: Trace, spanId: string): Record<string, string> {
	return {
		"x-request-id": trace.requestId,
		traceparent: `00-${trace.traceId}-${spanId}-${trace.flags}`,
		...(trace.state === null ? {} : { tracestate: trace.state }),
		...(trace.baggage === null ? {} : { baggage: trace.baggage }),
	};
}

export function randomHex(bytes: number): string {
	return randomBytes(bytes).toString("hex");
}

function textOf(value: string | string[] | undefined): string | null {
	return value === undefined ? null : Array.isArray(value) ? value.join(",") : value;
}

function isZero(id: string | undefined): boolean {
	return id !== undefined && /^0+$/.test(id);
}
