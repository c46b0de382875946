import type { LoadVerdict } from "@/bench/load/model";
import { formatTable } from "@/bench/support/table";
import type { CellResult } from "./kill-cell";

export interface KillRow extends CellResult {
	readonly victim: string;
	readonly step: string;
	/** Why requests and streams failed in its time. */
	readonly causes: readonly string[];
}

const head = ["killed", "at", "ended", "in", "after the kill", "weights", "lost", ""];

/** The table for people: a line for each cell, then what the clients saw in all. */
export function killReport(rows: readonly KillRow[], verdict: LoadVerdict): string {
	const lines = rows.map(({ victim, step, state, totalMs, killedToEndMs, weights, causes, problems }) => [
		...[victim, step, state, seconds(totalMs), seconds(killedToEndMs), weights.join(" "), String(causes.length)],
		problems.length === 0 ? "as promised" : problems.join("; "),
	]);
	const { requests, failed, longFailed, streams, streamsCut, latencyMs } = verdict;
	const seen = `${requests} requests, ${failed} failed (${longFailed} long), ${streams} streams, ${streamsCut} cut, p99 ${latencyMs.p99.toFixed(0)} ms`;
	return `${formatTable(head, lines)}\n${seen} ${JSON.stringify(verdict.causes)}`;
}

function seconds(ms: number): string {
	return `${(ms / 1000).toFixed(1)} s`;
}
