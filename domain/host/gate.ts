/** What decides whether a host may be drained, used again or removed. */
export interface HostFacts {
	readonly name: string;
	readonly state: "ready" | "draining" | "removed";
	/** Its lease is over. */
	readonly isSilent: boolean;
	/** Instances recorded there that are not gone. */
	readonly instances: number;
}

/** Why a host may not be drained now, as a sentence; null = allowed. UI, CLI and server ask these same functions. */
export function whyNotDrain({ name, state }: HostFacts): string | null {
	if (state === "removed") return `Host ${name} was removed: it must join again first.`;
	return state === "draining" ? `Host ${name} is drained already: nothing new is placed there.` : null;
}

export function whyNotUndrain({ name, state }: HostFacts): string | null {
	if (state === "removed") return `Host ${name} was removed: it must join again first.`;
	return state === "ready" ? `Host ${name} is not drained.` : null;
}

/** `isForced` is a person's word that the machine is gone for good; it counts only once the host is silent. */
export function whyNotRemove({ name, state, isSilent, instances }: HostFacts, isForced: boolean): string | null {
	if (state === "removed") return `Host ${name} was removed already.`;
	const there = instances === 0 ? null : `${instances} ${instances === 1 ? "instance is" : "instances are"} recorded there`;
	if (!isSilent) {
		const first = there === null ? "" : ` and ${there}: drain it and wait until they are gone, then`;
		return `Host ${name} answers${first === "" ? ":" : first} run \`sluice host leave\` on it, and remove it when it is silent.`;
	}
	if (there === null || isForced) return null;
	return `Host ${name} is silent, but ${there} and may still run: bring it back and drain it, or remove it with --force when the machine is gone for good.`;
}
