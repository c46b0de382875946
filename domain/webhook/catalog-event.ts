import { type EventType, type Facts, imagePurl, type NewEvent } from "@/domain/webhook/event";

export function pipelineEndEvent(
	pipeline: {
		readonly repository: string;
		readonly number: number;
		readonly branch: string;
		readonly commit: string;
		readonly pushedBy: string;
		/** That its repository makes; null = none yet. */
		readonly service: string | null;
	},
	{ state, reason }: { readonly state: "passed" | "failed" | "cancelled"; readonly reason: string | null },
): NewEvent {
	const { service, repository, number, ...facts } = pipeline;
	const outcome = { passed: "success", failed: "failure", cancelled: "cancel" }[state];
	return {
		type: "dev.cdevents.pipelinerun.finished",
		subject: `${repository}/${number}`,
		service,
		content: { pipelineName: repository, outcome, ...(reason === null ? {} : { errors: reason }) },
		facts: { ...facts, repository, pipeline: number, service, state, reason },
		page: `/pipelines/${repository}/${number}`,
	};
}

/** A new image is an artifact that was published; the same image with another configuration is none. */
export function releaseEvent(release: {
	readonly service: string;
	readonly number: number;
	readonly repository: string;
	readonly digest: string;
	readonly commit: string | null;
	readonly createdBy: string;
	readonly isReconfigured: boolean;
}): NewEvent {
	const { service, number, repository, digest, commit, createdBy, isReconfigured } = release;
	return {
		type: isReconfigured ? "dev.sluice.release.reconfigured" : "dev.cdevents.artifact.published",
		subject: isReconfigured ? `${service}/${number}` : imagePurl(repository, digest),
		service,
		content: isReconfigured ? {} : { user: createdBy },
		facts: { service, release: number, repository, digest, commit, createdBy },
		page: `/services/${service}?tab=releases`,
	};
}

export function serviceEvent(service: {
	readonly name: string;
	readonly repository: string | null;
	readonly owner: string;
	readonly createdBy: string;
}): NewEvent {
	const { name, repository, owner, createdBy } = service;
	return {
		type: "dev.sluice.service.created",
		subject: name,
		service: name,
		content: {},
		facts: { service: name, repository, owner, createdBy },
		page: `/services/${name}`,
	};
}

/** Of a machine, or of one of its proxies. */
export function hostEvent(
	type: Extract<EventType, `dev.sluice.${"host" | "proxy"}.${string}`>,
	subject: string,
	facts: Facts,
): NewEvent {
	return { type, subject, service: null, content: {}, facts, page: "/hosts" };
}

/** Asked for by somebody, to see that it arrives. */
export function testEvent(webhook: string, by: string): NewEvent {
	return {
		type: "dev.sluice.webhook.tested",
		subject: webhook,
		service: null,
		content: {},
		facts: { webhook, by },
		page: "/webhooks",
	};
}
