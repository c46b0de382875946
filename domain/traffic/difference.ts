/** Where requests to a service go: shares by release, and who takes them. */
export interface Routes {
	readonly releases: readonly {
		readonly release: number;
		readonly weight: number;
		readonly endpoints: readonly { readonly instance: string; readonly state: "active" | "draining" }[];
	}[];
}

export interface RouteDifference {
	/** null = that release is not there. */
	readonly weights: readonly { readonly release: number; readonly from: number | null; readonly to: number | null }[];
	/** null = the endpoint is not there. */
	readonly endpoints: readonly {
		readonly instance: string;
		readonly release: number;
		readonly from: "active" | "draining" | null;
		readonly to: "active" | "draining" | null;
	}[];
}

/** What differs between two routes of one service. */
export function routeDifference(from: Routes, to: Routes): RouteDifference {
	const [before, after] = [weightsOf(from), weightsOf(to)];
	const [had, has] = [endpointsOf(from), endpointsOf(to)];
	return {
		weights: bothKeys(before, after, (a, b) => a - b).flatMap((release) => {
			const sides = { from: before.get(release) ?? null, to: after.get(release) ?? null };
			return sides.from === sides.to ? [] : [{ release, ...sides }];
		}),
		endpoints: bothKeys(had, has, (a, b) => (a < b ? -1 : 1)).flatMap((instance) => {
			const sides = { from: had.get(instance)?.state ?? null, to: has.get(instance)?.state ?? null };
			const release = (has.get(instance) ?? had.get(instance))?.release ?? 0;
			return sides.from === sides.to ? [] : [{ instance, release, ...sides }];
		}),
	};
}

function weightsOf({ releases }: Routes): Map<number, number> {
	return new Map(releases.map(({ release, weight }) => [release, weight]));
}

function endpointsOf({ releases }: Routes) {
	return new Map(
		releases.flatMap(({ release, endpoints }) => endpoints.map(({ instance, state }) => [instance, { release, state }] as const)),
	);
}

function bothKeys<Key>(one: ReadonlyMap<Key, unknown>, other: ReadonlyMap<Key, unknown>, by: (a: Key, b: Key) => number): Key[] {
	return [...new Set([...one.keys(), ...other.keys()])].sort(by);
}
