export interface DurationParts {
	readonly unit: "ms" | "s" | "min" | "h" | "d";
	readonly major: number;
	readonly minor: number;
}

/** A length of time as a person reads it: 850 ms, 12 s, 4 min 05 s, 2 h 10 min, 3 d 4 h. Negative counts as 0. */
export function durationParts(milliseconds: number): DurationParts {
	const ms = Math.max(0, milliseconds);
	if (ms < 1000) return { unit: "ms", major: Math.round(ms), minor: 0 };
	const seconds = Math.floor(ms / 1000);
	if (seconds < 60) return { unit: "s", major: seconds, minor: 0 };
	const minutes = Math.floor(seconds / 60);
	if (minutes < 60) return { unit: "min", major: minutes, minor: seconds % 60 };
	const hours = Math.floor(minutes / 60);
	if (hours < 48) return { unit: "h", major: hours, minor: minutes % 60 };
	return { unit: "d", major: Math.floor(hours / 24), minor: hours % 24 };
}
