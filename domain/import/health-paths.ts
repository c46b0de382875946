import type { Mention } from "@/domain/import/model";

/** Usual paths of a readiness check, the more telling ones first. */
export const healthPaths = [
	"/readyz",
	"/health/ready",
	"/ready",
	"/healthz",
	"/health",
	"/livez",
	"/health/live",
	"/live",
	"/api/health",
	"/actuator/health",
	"/ping",
	"/status",
	"/up",
] as const;

/** The most telling path first; of one path the place that comes first. */
export function sortMentions(mentions: readonly Mention[]): Mention[] {
	const rank = ({ path }: Mention): number => (healthPaths as readonly string[]).indexOf(path);
	return [...mentions].filter((one) => rank(one) >= 0).sort((a, b) => rank(a) - rank(b));
}
