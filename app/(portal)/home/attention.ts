import type { Tone } from "@/components/status";
import { endedStates } from "@/domain/rollout/model";
import type { ApprovalRow, HostRow, PipelineRow, PlatformComponent, RolloutRow, ServiceRow } from "@/server/views";

/** Something that a person should look at. What it says is chosen by `kind`; `text` is the server's own sentence. */
export interface Attention {
	readonly tone: Tone;
	readonly kind: "approval" | "paused" | "version" | "rollout" | "pipeline" | "host" | "component";
	readonly values: Readonly<Record<string, string | number>>;
	readonly text: string | null;
	readonly subject:
		| { readonly kind: "service"; readonly service: string }
		| { readonly kind: "rollout"; readonly service: string; readonly environment: string; readonly number: number }
		| { readonly kind: "pipeline"; readonly repository: string; readonly number: number }
		| { readonly kind: "host"; readonly host: string }
		| { readonly kind: "platform" };
}

export interface Everything {
	/** Those that something is wrong with. */
	readonly services: readonly ServiceRow[];
	readonly serviceCount: number;
	readonly rollouts: readonly RolloutRow[];
	readonly pipelines: readonly PipelineRow[];
	readonly hosts: readonly HostRow[];
	readonly components: readonly PlatformComponent[];
	readonly approvals: readonly ApprovalRow[];
}

const order: readonly Tone[] = ["failed", "degraded", "waiting", "unknown"];

/**
 * What needs a person, worst first. Rollouts and pipelines come newest first: only the newest word about a service and
 * environment, or a branch, counts; a failure that a later success answered is history.
 */
export function whatNeedsMe(all: Everything): Attention[] {
	const found = [
		...all.approvals.flatMap(fromApproval),
		...all.components.flatMap(fromComponent),
		...all.hosts.flatMap(fromHost),
		...all.services.flatMap(fromService),
		...newestOf(all.rollouts, (row) => `${row.service}/${row.environment}`).flatMap((row) => fromRollout(row, all.services)),
		...newestOf(all.pipelines, (row) => `${row.repository}/${row.branch}`).flatMap(fromPipeline),
	];
	return found.sort((a, b) => order.indexOf(a.tone) - order.indexOf(b.tone));
}

export function isRunning(rollout: RolloutRow): boolean {
	return !endedStates.includes(rollout.state);
}

function newestOf<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[] {
	const seen = new Set<string>();
	return items.filter((item) => {
		const key = keyOf(item);
		if (seen.has(key)) return false;
		seen.add(key);
		return true;
	});
}

function fromComponent(component: PlatformComponent): Attention[] {
	if (component.state === "running" || component.state === "starting" || component.state === "absent") return [];
	const tone = component.state === "stopped" ? "failed" : "degraded";
	const values = { name: component.name, state: component.state };
	return [{ tone, kind: "component", values, text: component.detail, subject: { kind: "platform" } }];
}

function fromHost(host: HostRow): Attention[] {
	if (host.state !== "silent" && host.problem === null) return [];
	const values = { host: host.name, state: host.state };
	return [{ tone: "degraded", kind: "host", values, text: host.problem, subject: { kind: "host", host: host.name } }];
}

function fromService(service: ServiceRow): Attention[] {
	return service.environments
		.filter((version) => version.problem !== null || version.state === "failed" || version.state === "degraded")
		.map((version) => ({
			tone: version.state === "failed" ? "failed" : "degraded",
			kind: "version",
			values: { service: service.name, environment: version.environment },
			text: version.problem,
			subject: { kind: "service", service: service.name },
		}));
}

/** Only what this person may decide: what others must decide is in the inbox. */
function fromApproval({ service, environment, number, startedBy, refusal, approvedBy, needed }: ApprovalRow): Attention[] {
	if (refusal !== null) return [];
	const values = { service, environment, number, who: startedBy, given: approvedBy.length, needed };
	const subject = { kind: "rollout", service, environment, number } as const;
	return [{ tone: "waiting", kind: "approval", values, text: null, subject }];
}

/** A service that already says its problem is not told twice. */
function fromRollout(rollout: RolloutRow, services: readonly ServiceRow[]): Attention[] {
	if (rollout.paused !== null) return [fromPaused(rollout, rollout.paused)];
	if (rollout.state !== "waiting" && rollout.state !== "failed" && rollout.state !== "rolled-back") return [];
	const version = services
		.find((service) => service.name === rollout.service)
		?.environments.find((candidate) => candidate.environment === rollout.environment);
	if (version !== undefined && version.problem !== null) return [];
	const { service, environment, number } = rollout;
	return [
		{
			tone: rollout.state === "failed" ? "failed" : rollout.state === "waiting" ? "waiting" : "degraded",
			kind: "rollout",
			values: { service, environment, number, state: rollout.state },
			text: rollout.reason,
			subject: { kind: "rollout", service, environment, number },
		},
	];
}

/** Nothing but a person's word ends a pause: a forgotten one stands for ever. */
function fromPaused({ service, environment, number }: RolloutRow, { by, reason }: NonNullable<RolloutRow["paused"]>): Attention {
	const subject = { kind: "rollout", service, environment, number } as const;
	return { tone: "waiting", kind: "paused", values: { service, environment, number, who: by }, text: reason, subject };
}

function fromPipeline(pipeline: PipelineRow): Attention[] {
	if (pipeline.state !== "failed") return [];
	const { repository, number, branch } = pipeline;
	return [
		{
			tone: "failed",
			kind: "pipeline",
			values: { repository, number, branch },
			text: pipeline.reason,
			subject: { kind: "pipeline", repository, number },
		},
	];
}
