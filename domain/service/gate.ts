export const serviceVerbs = ["scale", "restart", "stop"] as const;
export type ServiceVerb = (typeof serviceVerbs)[number];

/** What the verbs of a service in an environment are judged by. */
export interface ServiceFacts {
	readonly service: string;
	readonly environment: string;
	readonly isDeployed: boolean;
	/** Instances that should run. */
	readonly declared: number;
}

/** Why this verb is not allowed now, as a sentence; null = allowed. The page and the service ask this one function. */
export function whyNotServiceVerb(
	verb: ServiceVerb,
	{ service, environment, isDeployed, declared }: ServiceFacts,
): string | null {
	if (!isDeployed) return `${service} was never deployed to ${environment}: there is nothing to ${verb}.`;
	if (declared > 0) return null;
	if (verb === "restart") return `${service} is stopped in ${environment}: scale it up instead of restarting it.`;
	return verb === "stop" ? `${service} is stopped in ${environment} already.` : null;
}
