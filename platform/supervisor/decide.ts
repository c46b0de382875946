import type { ComponentPhase, ComponentSpec } from "./spec";

/** What is known of one component at one moment; the decision needs no more. */
export interface Observed {
	readonly name: string;
	readonly isAlive: boolean;
	readonly isReady: boolean;
	/** The fingerprint of the process that runs, or of the task that was done; null = neither. */
	readonly fingerprint: string | null;
	/** A task that ended well with `fingerprint`. */
	readonly isDone: boolean;
	/** Ends in a row without a time of being well between. */
	readonly failures: number;
	/** Milliseconds; 0 = never ended. */
	readonly endedAt: number;
	/** When it was told to stop; null = it was not. */
	readonly stoppingSince: number | null;
	readonly isKilled: boolean;
}

export type Action =
	| { readonly kind: "start"; readonly name: string }
	| { readonly kind: "stop"; readonly name: string }
	| { readonly kind: "kill"; readonly name: string };

const firstBackOffMs = 100;
const longestBackOffMs = 10_000;

export function backOffMs(failures: number): number {
	return failures === 0 ? 0 : Math.min(longestBackOffMs, firstBackOffMs * 2 ** (failures - 1));
}

function isMet(spec: ComponentSpec | undefined, observed: Observed | undefined): boolean {
	if (spec === undefined || observed === undefined) return false;
	if (observed.fingerprint !== spec.fingerprint) return false;
	return spec.kind === "task" ? observed.isDone : observed.isAlive && observed.isReady;
}

/** Those that must be gone before `name` is told to stop: all that depend on it, also through tasks that ended long ago. */
function stoppedBefore(name: string, specs: readonly ComponentSpec[]): Set<string> {
	const found = new Set<string>();
	const open = [name];
	for (let next = open.pop(); next !== undefined; next = open.pop()) {
		const current = next;
		const direct = specs.filter(
			(spec) => spec.after.includes(current) || specs.some((self) => self.name === current && self.outlives.includes(spec.name)),
		);
		for (const spec of direct.filter((one) => one.name !== name && !found.has(one.name))) {
			found.add(spec.name);
			open.push(spec.name);
		}
	}
	return found;
}

function stopOrKill(spec: ComponentSpec, observed: Observed, now: number): Action[] {
	if (observed.stoppingSince === null) return [{ kind: "stop", name: spec.name }];
	const isOverdue = now - observed.stoppingSince >= spec.stop.deadlineMs;
	return isOverdue && !observed.isKilled ? [{ kind: "kill", name: spec.name }] : [];
}

function isWell(seen: Observed | undefined): boolean {
	return seen?.isAlive === true && seen.isReady && seen.stoppingSince === null;
}

/**
 * What to do next. `wanted` are the components that should run; `all` also has those that were dropped from the spec
 * and may still run (they are stopped). With nothing wanted everything ends in order.
 */
export function nextActions(
	wanted: readonly ComponentSpec[],
	all: readonly ComponentSpec[],
	observed: ReadonlyMap<string, Observed>,
	now: number,
): Action[] {
	const wantedNames = new Map(wanted.map((spec) => [spec.name, spec]));
	const alive = (name: string) => observed.get(name)?.isAlive === true;
	const replaced = new Set<string>();
	/** One that was told already goes on; of those that take turns, no second one is told while one is away. */
	const replace = (spec: ComponentSpec, seen: Observed): Action[] => {
		const isTold = seen.stoppingSince !== null;
		const isThere = (name: string) => !replaced.has(name) && isWell(observed.get(name));
		if (!isTold && !spec.takesTurnsWith.filter((name) => wantedNames.has(name)).every(isThere)) return [];
		replaced.add(spec.name);
		return stopOrKill(spec, seen, now);
	};
	return all.flatMap((known): Action[] => {
		const seen = observed.get(known.name);
		if (seen === undefined) return [];
		const spec = wantedNames.get(known.name);
		if (spec === undefined) {
			if (!seen.isAlive) return [];
			const blockers = [...stoppedBefore(known.name, all)].filter((name) => !wantedNames.has(name) && alive(name));
			return blockers.length > 0 ? [] : stopOrKill(known, seen, now);
		}
		if (seen.isAlive) return seen.fingerprint === spec.fingerprint ? [] : replace(spec, seen);
		if (spec.kind === "task" && seen.isDone && seen.fingerprint === spec.fingerprint) return [];
		if (now < seen.endedAt + backOffMs(seen.failures)) return [];
		return spec.after.every((name) => isMet(wantedNames.get(name), observed.get(name)))
			? [{ kind: "start", name: spec.name }]
			: [];
	});
}

export function phaseOf(spec: ComponentSpec, isWanted: boolean, observed: Observed): ComponentPhase {
	if (observed.isAlive) {
		if (observed.stoppingSince !== null || !isWanted || observed.fingerprint !== spec.fingerprint) return "stopping";
		return observed.isReady && spec.kind === "service" ? "ready" : "starting";
	}
	if (!isWanted) return "stopped";
	if (spec.kind === "task" && observed.isDone && observed.fingerprint === spec.fingerprint) return "done";
	return observed.failures > 0 ? "backing-off" : "waiting";
}
