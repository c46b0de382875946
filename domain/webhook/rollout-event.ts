import type { RolloutPlan } from "@/domain/rollout/model";
import { type EventType, type Facts, imagePurl, type NewEvent } from "@/domain/webhook/event";

export type RolloutEnd = "promoted" | "rolled-back" | "failed" | "rejected";

export interface ToldRollout {
	readonly number: number;
	readonly plan: RolloutPlan;
	readonly startedBy: string;
}

/** What somebody did with a rollout, or what it asks for. */
export function rolloutEvent(
	type: Extract<EventType, `dev.sluice.rollout.${string}`>,
	rollout: ToldRollout,
	more: Facts = {},
): NewEvent {
	return { ...about(rollout, more), type, subject: nameOf(rollout), content: {} };
}

/** How a rollout ended, as CDEvents says it of the service: what serves there now, if anything changed. */
export function rolloutEndEvent(rollout: ToldRollout, state: RolloutEnd, reason: string | null): NewEvent {
	const { plan } = rollout;
	const type = endType(plan, state);
	const told = about(rollout, { state, reason });
	if (!type.startsWith("dev.cdevents.")) return { ...told, type, subject: nameOf(rollout), content: {} };
	const serving = state === "rolled-back" ? plan.from : plan.to;
	const artifact = serving ? { artifactId: imagePurl(serving.repository, serving.digest) } : {};
	const isRemoved = type === "dev.cdevents.service.removed";
	return {
		...told,
		type,
		subject: plan.service,
		content: { environment: { id: plan.environment }, ...(isRemoved ? {} : artifact) },
	};
}

function endType({ kind, from }: RolloutPlan, state: RolloutEnd): EventType {
	if (state === "rejected") return "dev.sluice.rollout.rejected";
	if (state === "failed") return "dev.sluice.rollout.failed";
	if (state === "rolled-back") return from ? "dev.cdevents.service.rolledback" : "dev.sluice.rollout.failed";
	switch (kind) {
		case "release":
			return from ? "dev.cdevents.service.upgraded" : "dev.cdevents.service.deployed";
		case "rollback":
			return "dev.cdevents.service.rolledback";
		case "stop":
			return "dev.cdevents.service.removed";
		// The same release as before.
		case "scale":
		case "restart":
		case "repair":
			return "dev.sluice.rollout.promoted";
	}
}

function nameOf({ plan, number }: ToldRollout): string {
	return `${plan.service}/${plan.environment}/${number}`;
}

function about({ number, plan, startedBy }: ToldRollout, more: Facts): Pick<NewEvent, "service" | "facts" | "page"> {
	const { service, environment, kind, from, to, workload } = plan;
	const facts = { service, environment, rollout: number, kind, strategy: workload.strategy.kind, startedBy };
	return {
		service,
		facts: { ...facts, release: to.number, fromRelease: from?.number ?? null, digest: to.digest, ...more },
		page: `/services/${service}/${environment}/rollouts/${number}`,
	};
}
