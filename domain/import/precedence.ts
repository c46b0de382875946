import type { Facts, HealthFact } from "@/domain/import/model";

/** What each kind of file says; null = there is none. */
export interface Told {
	readonly score: Facts | null;
	readonly docker: Facts | null;
	readonly compose: Facts | null;
	readonly kubernetes: Facts | null;
}

/**
 * Who is believed first: a Score file describes this service for any platform; the Dockerfile is what is built; a compose
 * file is written for a developer's machine; a Kubernetes manifest for a cluster that is not this one.
 */
export function inOrder({ score, docker, compose, kubernetes }: Told): readonly Facts[] {
	return [score, docker, compose, kubernetes].filter((facts) => facts !== null);
}

/** The first file that says it. */
export function firstSaid<K extends keyof Facts>(told: Told, key: K): Facts[K] | undefined {
	return inOrder(told).find((facts) => facts[key] !== undefined)?.[key];
}

/** The first that Sluice can ask; a HEALTHCHECK NONE still says more than nothing. */
export function healthSaid(told: Told): HealthFact | null {
	const all = inOrder(told).flatMap(({ health }) => health ?? []);
	return all.find(({ kind }) => kind !== "none" && kind !== "other") ?? all[0] ?? null;
}
