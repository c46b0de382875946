import { isSampled, type Trace } from "./trace.ts";

export interface Span {
	readonly trace: Trace;
	readonly spanId: string;
	readonly parentId: string | null;
	readonly name: string;
	/** As OTLP numbers them. */
	readonly kind: typeof serverKind | typeof clientKind;
	readonly startMs: number;
	readonly endMs: number;
	/** 0 = there is none: `problem` says why. */
	readonly status: number;
	readonly problem?: string;
}

export interface Spans {
	add(span: Span): void;
	/** Sends what is left. */
	close(): Promise<void>;
}

export const serverKind = 2;
export const clientKind = 3;

const batch = 512;
const buffer = 4096;
const pauseMs = 1_000;
const timeoutMs = 5_000;

export const noSpans: Spans = { add: () => {}, close: async () => {} };

/**
 * Sends what requests did to a collector, as OTLP over HTTP in JSON. It is never in a request's way: what a slow or
 * absent collector does not take is dropped. `endpoint` is what every OpenTelemetry library reads: without /v1/traces.
 */
export function createSpans(
	endpoint: string | undefined,
	resource: { readonly service: string; readonly version: string; readonly instance: string },
	log: (fields: Record<string, unknown>) => void,
): Spans {
	if (!endpoint) return noSpans;
	const address = `${endpoint.replace(/\/+$/, "")}/v1/traces`;
	const attributes = attributesOf({
		"service.name": resource.service,
		"service.version": resource.version,
		"service.instance.id": resource.instance,
	});
	let queue: Span[] = [];
	let sending: Promise<void> = Promise.resolve();
	let timer: NodeJS.Timeout | null = null;
	let isAway = false;

	async function send(spans: readonly Span[]): Promise<void> {
		const body = {
			resourceSpans: [{ resource: { attributes }, scopeSpans: [{ scope: { name: "http" }, spans: spans.map(mapped) }] }],
		};
		const problem = await post(address, body).catch((error: unknown) => String(error));
		// Told when it changes, not every second.
		if (problem !== null && !isAway) log({ level: "warn", message: "spans cannot be sent", endpoint: address, error: problem });
		if (problem === null && isAway) log({ message: "spans are sent again", endpoint: address });
		isAway = problem !== null;
	}

	function flush(): Promise<void> {
		if (timer) clearTimeout(timer);
		timer = null;
		sending = sending.then(async () => {
			const taken = queue;
			queue = [];
			for (let at = 0; at < taken.length; at += batch) {
				await send(taken.slice(at, at + batch));
				// The rest would wait as long, each batch of it, and a service that ends has no time.
				if (isAway) break;
			}
		});
		return sending;
	}

	return {
		add(span) {
			if (!isSampled(span.trace) || queue.length >= buffer) return;
			queue.push(span);
			timer ??= setTimeout(flush, pauseMs).unref();
		},
		close: flush,
	};
}

/** null = taken, else what was wrong. */
async function post(address: string, body: unknown): Promise<string | null> {
	const response = await fetch(address, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify(body),
		signal: AbortSignal.timeout(timeoutMs),
	});
	await response.arrayBuffer();
	return response.ok ? null : `the collector answered ${response.status}`;
}

function mapped({ trace, spanId, parentId, name, kind, startMs, endMs, status, problem }: Span) {
	return {
		traceId: trace.traceId,
		spanId,
		parentSpanId: parentId ?? "",
		name,
		kind,
		startTimeUnixNano: nanoseconds(startMs),
		endTimeUnixNano: nanoseconds(endMs),
		attributes: attributesOf({ "http.response.status_code": status, "sluice.request_id": trace.requestId }),
		...(problem !== undefined || status >= 500 ? { status: { code: 2, message: problem ?? "" } } : {}),
	};
}

/** A number of this size has no room for nanoseconds: microseconds are kept. */
function nanoseconds(ms: number): string {
	return `${Math.round(ms * 1_000)}000`;
}

function attributesOf(values: Record<string, string | number>): { key: string; value: object }[] {
	return Object.entries(values).map(([key, value]) => ({
		key,
		value: typeof value === "number" ? { intValue: String(value) } : { stringValue: value },
	}));
}
