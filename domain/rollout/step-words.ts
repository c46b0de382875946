import type { CanaryStep } from "@/domain/manifest/model";
import { millisecondsOf } from "@/domain/manifest/quantity";

const longestPauseMs = 86_400_000;

/** A step as it is typed: weight in %, pause as `20s` or nothing for "until a person promotes", number of measurements. Null = it cannot be read. */
export function readStep(kind: CanaryStep["kind"], value: string): CanaryStep | null {
	const text = value.trim();
	switch (kind) {
		case "weight":
			return /^\d{1,3}(\.\d{1,2})?$/.test(text) && Number(text) <= 100 ? { kind, weight: Number(text) } : null;
		case "pause": {
			if (text === "") return { kind, durationMs: null };
			const durationMs = /^\d{1,9}(ms|s|m|h)$/.test(text) ? millisecondsOf(text) : null;
			return durationMs !== null && durationMs <= longestPauseMs ? { kind, durationMs } : null;
		}
		case "analysis":
			return /^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= 1_000 ? { kind, count: Number(text) } : null;
	}
}

/** What is typed for it. */
export function stepValue(step: CanaryStep): string {
	switch (step.kind) {
		case "weight":
			return String(step.weight);
		case "pause":
			return step.durationMs === null ? "" : durationText(step.durationMs);
		case "analysis":
			return String(step.count);
	}
}

/** In the largest unit that says it exactly. */
function durationText(ms: number): string {
	if (ms === 0) return "0s";
	if (ms % 3_600_000 === 0) return `${ms / 3_600_000}h`;
	if (ms % 60_000 === 0) return `${ms / 60_000}m`;
	return ms % 1_000 === 0 ? `${ms / 1_000}s` : `${ms}ms`;
}

/** One word of a command: `weight=5`, `pause=10m`, `pause`, `analysis=2`. */
export function stepWord(step: CanaryStep): string {
	const value = stepValue(step);
	return value === "" ? step.kind : `${step.kind}=${value}`;
}

/** Null = it is no step. */
export function stepOfWord(word: string): CanaryStep | null {
	const [, kind, value = ""] = /^(weight|pause|analysis)(?:=(.*))?$/.exec(word) ?? [];
	return kind === "weight" || kind === "pause" || kind === "analysis" ? readStep(kind, value) : null;
}
