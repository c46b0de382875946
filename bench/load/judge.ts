import { quantile } from "../support/quantile";
import type { LoadVerdict, RequestRecord } from "./model";

const mostFailures = 1_000;

/**
 * Judges a run from the clients' own history only. A request fails without a 200; a stream fails when it never
 * opens, and is cut when it opened and ended without a close frame.
 */
export function judge(history: readonly RequestRecord[]): LoadVerdict {
	const causes = new Map<string, number>();
	const releases: Record<string, number> = {};
	const failedByRelease: Record<string, number> = {};
	const failures: { endedMs: number; cause: string }[] = [];
	let lastFailedMs: number | null = null;
	let failed = 0;
	let longFailed = 0;
	let streams = 0;
	let streamsCut = 0;
	for (const record of history) {
		if (record.release) releases[record.release] = (releases[record.release] ?? 0) + 1;
		if (record.kind === "stream") streams++;
		const cause = causeOf(record);
		if (!cause) continue;
		if (failures.length < mostFailures) failures.push({ endedMs: record.endedMs, cause });
		causes.set(cause, (causes.get(cause) ?? 0) + 1);
		if (record.kind === "stream" && record.status === 101) {
			streamsCut++;
			continue;
		}
		failed++;
		const whose = record.release ?? "none";
		failedByRelease[whose] = (failedByRelease[whose] ?? 0) + 1;
		lastFailedMs = Math.max(lastFailedMs ?? 0, record.plannedMs);
		if (record.kind === "long") longFailed++;
	}
	const latencies = history
		.filter((record) => record.kind === "keep-alive" && !causeOf(record))
		.map((record) => record.endedMs - record.plannedMs);
	return {
		requests: history.length,
		failed,
		longFailed,
		streams,
		streamsCut,
		causes: [...causes].map(([cause, count]) => ({ cause, count })).sort((a, b) => b.count - a.count),
		failures,
		failedByRelease,
		lastFailedMs,
		releases,
		latencyMs: { p50: quantile(latencies, 0.5), p95: quantile(latencies, 0.95), p99: quantile(latencies, 0.99) },
	};
}

function causeOf(record: RequestRecord): string | null {
	if (record.kind === "stream") {
		if (record.status !== 101) return `stream: ${record.error ?? `status ${record.status}`}`;
		return record.closeCode === null ? `stream cut: ${record.error ?? "no close frame"}` : null;
	}
	return record.status === 200 ? null : `${record.kind}: ${record.error ?? `status ${record.status}`}`;
}
