/** What the load checker asks for and what its clients saw. Times are milliseconds since the run's start. */
export interface LoadPlan {
	/** Where the gateway (or the rival) listens. */
	readonly address: string;
	readonly port: number;
	/** Host header. */
	readonly host: string;
	readonly durationMs: number;
	/** Arrivals a second, open loop: a slow answer never delays the next request. */
	readonly rates: { readonly keepAlive: number; readonly newConnection: number; readonly long: number; readonly stream: number };
	/** How long the service holds a `long` request. */
	readonly longMs: number;
	/** WebSockets live this long, evenly spread, then the service closes them with a close frame. */
	readonly streamMs: { readonly least: number; readonly most: number };
	/** No answer within this time is a failure. */
	readonly timeoutMs: number;
}

export type RequestKind = "keep-alive" | "new-connection" | "long" | "stream";

export interface RequestRecord {
	readonly kind: RequestKind;
	/** When the plan said to send it. */
	readonly plannedMs: number;
	readonly endedMs: number;
	/** HTTP status; WebSocket: 101 when it opened. null = no answer. */
	readonly status: number | null;
	/** WebSocket only: the close frame's code, or null when the connection ended without one. */
	readonly closeCode: number | null;
	/** What the service said of itself: its release. */
	readonly release: string | null;
	readonly error: string | null;
}

export interface LoadVerdict {
	readonly requests: number;
	readonly failed: number;
	/** Failed `long` requests, also counted in `failed`. */
	readonly longFailed: number;
	readonly streams: number;
	/** WebSockets that opened and ended without a close frame. */
	readonly streamsCut: number;
	/** Error or status -> how often, most frequent first. */
	readonly causes: readonly { readonly cause: string; readonly count: number }[];
	/** The first thousand of them, each at the time its client knew. */
	readonly failures: readonly { readonly endedMs: number; readonly cause: string }[];
	/** Failed requests by the release that answered; `none` = nobody did. */
	readonly failedByRelease: Readonly<Record<string, number>>;
	/** When the last failed request had been planned; null = none failed. */
	readonly lastFailedMs: number | null;
	/** Answers per release. */
	readonly releases: Readonly<Record<string, number>>;
	/** Keep-alive requests, from the planned time, in milliseconds. */
	readonly latencyMs: { readonly p50: number; readonly p95: number; readonly p99: number };
}
