import { AppError } from "@/domain/errors";

export interface PlaceableHost {
	readonly id: string;
	/** `ready`, and its lease is fresh. */
	readonly isUsable: boolean;
	/** It is being drained, and answers: what has its data there may begin there again. Left out = no. */
	readonly isLeaving?: boolean;
	readonly memoryBytes: number;
	/** Sum of the limits of the instances in its desired document. */
	readonly requestedMemoryBytes: number;
	/** Live instances of the same release of this service and environment. */
	readonly siblings: number;
}

/** Where the data of an instance is already: it can be placed nowhere else. */
export interface Home {
	readonly host: string;
	/** "data of orders in staging", to be read after "the volume". */
	readonly volume: string;
}

/**
 * Hosts for `count` instances: spread first, then the most free requested memory, then the id. Places as many as fit
 * and at least one. Throws `does-not-fit` with the numbers. CPU is a share, not a reservation, and never refuses.
 */
export function place(hosts: readonly PlaceableHost[], count: number, memoryBytes: number, home: Home | null = null): string[] {
	const usable = hosts.filter((host) => host.isUsable || (home !== null && host.isLeaving === true));
	const state = usable.filter((host) => home === null || host.id === home.host).map((host) => ({ ...host }));
	const placed: string[] = [];
	while (placed.length < count) {
		const best = state
			.filter((host) => freeOf(host) >= memoryBytes)
			.sort((a, b) => a.siblings - b.siblings || freeOf(b) - freeOf(a) || (a.id < b.id ? -1 : 1))[0];
		if (!best) break;
		best.siblings += 1;
		best.requestedMemoryBytes += memoryBytes;
		placed.push(best.id);
	}
	if (placed.length === 0 && count > 0)
		throw new AppError("does-not-fit", home ? atHome(home, state, memoryBytes) : refusal(hosts, memoryBytes));
	return placed;
}

function freeOf(host: PlaceableHost): number {
	return host.memoryBytes - host.requestedMemoryBytes;
}

function atHome({ host, volume }: Home, [there]: readonly PlaceableHost[], memoryBytes: number): string {
	const why = there
		? `has ${megabytes(freeOf(there))} free of the ${megabytes(memoryBytes)} that are asked for: stop something there`
		: "does not answer or was removed: bring it back";
	return `The volume ${volume} is on ${host}, which ${why}. Elsewhere its data would be missing; \`sluice volume remove\` gives it up.`;
}

function refusal(hosts: readonly PlaceableHost[], memoryBytes: number): string {
	if (hosts.length === 0) return "There is no host: join one with `sluice host join`.";
	const each = hosts.map((host) =>
		host.isUsable
			? `${host.id} has ${megabytes(freeOf(host))} of ${megabytes(host.memoryBytes)} free`
			: `${host.id} does not answer or is drained`,
	);
	return `An instance that asks for ${megabytes(memoryBytes)} of memory does not fit: ${each.join(", ")}. Lower its limit, stop something, or join a host.`;
}

function megabytes(bytes: number): string {
	return `${Math.floor(bytes / (1 << 20))} MiB`;
}
