/** How a service is in an environment, in one word. A service that was never deployed says so: it is not unwell. */
export const versionStates = [
	"healthy",
	"progressing",
	"awaiting-approval",
	"degraded",
	"failed",
	"stopped",
	"never-deployed",
	"unknown",
] as const;
export type VersionState = (typeof versionStates)[number];

/** Of how many instances it is said how many are healthy: a rollout has more than are declared for a while. */
export function countedInstances({ healthy, declared }: { readonly healthy: number; readonly declared: number }): number {
	return Math.max(healthy, declared);
}
