/** Names that leave the database: every one carries the installation's id, so nothing of others is touched. */
const slug = /^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

/** Service, environment and host names: 1 to 40 characters, a DNS label in lower case that starts with a letter. */
export function isSlug(name: string): boolean {
	return slug.test(name) && !name.includes("--");
}

export const labels = {
	installation: "dev.sluice.installation",
	host: "dev.sluice.host",
	instance: "dev.sluice.instance",
	service: "dev.sluice.service",
	environment: "dev.sluice.environment",
	release: "dev.sluice.release",
	/** The manifest's name of a volume. */
	volume: "dev.sluice.volume",
	/** `instance`, or `build` for what the builder makes; the agent ignores `build`. */
	role: "dev.sluice.role",
} as const;

export function containerName(installation: string, instance: string): string {
	return `sluice-${installation}-${instance}`;
}

/** One bridge network per environment and host. */
export function networkName(installation: string, environment: string): string {
	return `sluice-${installation}-${environment}`;
}

/** The bridge whose gateway address is this machine's host address when it has no better one. */
export function hostBridgeName(installation: string): string {
	return `sluice-${installation}`;
}

/** Envoy cluster of one release's port. */
export function clusterName(service: string, environment: string, release: number, port: string): string {
	return `${service}/${environment}/${release}/${port}`;
}

/** null = not a name made by `clusterName`. */
export function parseClusterName(name: string): { service: string; environment: string; release: number } | null {
	const match = /^([^/]+)\/([^/]+)\/(\d+)\/[^/]+$/.exec(name);
	return match?.[1] && match[2] ? { service: match[1], environment: match[2], release: Number(match[3]) } : null;
}

export function rolloutWorkflowId(service: string, environment: string, number: number): string {
	return `rollout/${service}/${environment}/${number}`;
}

export function pipelineWorkflowId(repository: string, number: number): string {
	return `pipeline/${repository}/${number}`;
}

export function scaffoldWorkflowId(name: string, number: number): string {
	return `scaffold/${name}/${number}`;
}

/** Each round of a delivery is a run of its own. */
export function webhookWorkflowId(deliveryId: string, round: number): string {
	return `webhook/${deliveryId}/${round}`;
}

/** The name a container uses; answered by the environment's own DNS. */
export function internalName(service: string): string {
	return `${service}.internal`;
}

/** The Host headers under which the gateway serves a service from outside. */
export function gatewayHosts(service: string, environment: { name: string; primary: boolean }, domain: string): string[] {
	const scoped = `${service}.${environment.name}.${domain}`;
	return environment.primary ? [`${service}.${domain}`, scoped] : [scoped];
}
