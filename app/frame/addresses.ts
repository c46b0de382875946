/** Addresses of the pages, in one place. Names are slugs, but are encoded all the same. */
const part = encodeURIComponent;

interface RolloutName {
	readonly service: string;
	readonly environment: string;
	readonly number: number;
}

export const addressOf = {
	service: (service: string) => `/services/${part(service)}`,
	releasesOf: (service: string) => `/services/${part(service)}?tab=releases`,
	metricsOf: (service: string, environment: string) => `/services/${part(service)}?tab=metrics&environment=${part(environment)}`,
	logsOf: (service: string, environment: string) => `/services/${part(service)}?tab=logs&environment=${part(environment)}`,
	comparison: (service: string, from: number, to: number) => `/services/${part(service)}/releases/compare?from=${from}&to=${to}`,
	rollout: (rollout: RolloutName) => `/services/${part(rollout.service)}/${part(rollout.environment)}/rollouts/${rollout.number}`,
	pipeline: (pipeline: { repository: string; number: number }) => `/pipelines/${part(pipeline.repository)}/${pipeline.number}`,
	pipelinesOf: (repository: string) => `/pipelines?repository=${part(repository)}`,
	rolloutsOf: (service: string) => `/rollouts?service=${part(service)}`,
	webhook: (id: string) => `/webhooks/${part(id)}`,
	creation: (name: string) => `/create/${part(name)}`,
	host: (host: string) => `/hosts#${part(host)}`,
};
