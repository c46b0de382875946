import type { PinnedConfig } from "@/domain/config/model";
import { withoutPlaces } from "@/domain/config/reference";
import { AppError } from "@/domain/errors";
import type { CanaryStep, Manifest, RecreateStrategy, RollingStrategy, WorkloadSpec } from "@/domain/manifest/model";
import { rollingOf } from "@/domain/manifest/resolve-strategy";
import { canonicalJson } from "@/domain/rollout/canonical-json";
import type { PlannedWorkload, ReleaseRef, RolloutKind, RolloutPlan } from "@/domain/rollout/model";

export interface PlannedRelease extends ReleaseRef {
	readonly manifest: Manifest;
	/** Left out = none. */
	readonly config?: PinnedConfig;
}

/** What a rollout will do, fixed before anything moves. Throws `invalid` when the release does not name the environment. */
export function makePlan(input: {
	kind: RolloutKind;
	service: string;
	environment: string;
	from: PlannedRelease | null;
	to: PlannedRelease;
	/** Instead of the manifest's number of instances: what a person asked for last. */
	instances: { from: number | null; to: number | null };
	startRevision: number;
}): RolloutPlan {
	const { kind, service, environment, from, to, instances, startRevision } = input;
	const wanted = withInstances(workloadOf(to, environment), instances.to);
	const isStaged = kind === "release" && from !== null && wanted.strategy.kind === "canary";
	const plan: RolloutPlan = {
		kind,
		service,
		environment,
		from: from && refOf(from),
		to: refOf(to),
		workload: isStaged ? wanted : { ...wanted, strategy: withoutSteps(wanted) },
		fromWorkload: from && withInstances(workloadOf(from, environment), instances.from),
		// Where nothing serves yet there is nothing to compare with and nobody to protect.
		steps: isStaged && wanted.strategy.kind === "canary" ? wanted.strategy.steps : [],
		analysis: isStaged ? wanted.analysis : null,
		approval: kind === "release" ? wanted.approval : null,
		startRevision,
	};
	refuseSecondHolder(plan);
	return plan;
}

/** Does what serves here stop before its successor starts? It is declared (`recreate`), and told wherever a plan is. */
export function hasDowntime({ kind, from, workload }: Pick<RolloutPlan, "kind" | "from" | "workload">): boolean {
	return from !== null && workload.strategy.kind === "recreate" && kind !== "scale" && kind !== "stop";
}

function withInstances(workload: PlannedWorkload, instances: number | null): PlannedWorkload {
	return instances === null ? workload : { ...workload, instances };
}

/** What cannot overlap never does, whatever it moves for. */
function withoutSteps({ strategy, instances }: WorkloadSpec): RollingStrategy | RecreateStrategy {
	return strategy.kind === "canary" ? rollingOf({}, instances) : strategy;
}

/** A volume is in one instance, whatever a person asks for. */
function refuseSecondHolder({ service, environment, workload }: RolloutPlan): void {
	const [volume] = workload.volumes ?? [];
	if (!volume || workload.instances <= 1) return;
	throw new AppError(
		"invalid",
		`${service} in ${environment} holds the volume ${volume.name}, which one instance uses, and ${workload.instances} are asked for: \`sluice scale ${service} 1 --env ${environment}\` takes that back.`,
	);
}

/**
 * The same with other steps. Throws `invalid` when weights fall or are no shares, and where nothing serves yet or
 * nothing else may run beside it, since steps need a release to compare with.
 */
export function planWithSteps(plan: RolloutPlan, steps: readonly CanaryStep[]): RolloutPlan {
	if (plan.from === null) throw new AppError("invalid", "Nothing serves here yet: the first release takes no steps.");
	if (plan.workload.strategy.kind === "recreate")
		throw new AppError(
			"invalid",
			"This release takes its place by `recreate`: one of the two runs at a time, so there are no steps.",
		);
	const refusal = whyNotSteps(steps, plan.analysis !== null);
	if (refusal) throw new AppError("invalid", refusal);
	return { ...plan, steps };
}

/** Why these cannot be a plan's steps, as a sentence; null = they can. */
export function whyNotSteps(steps: readonly CanaryStep[], isMeasured: boolean): string | null {
	let last = 0;
	for (const [index, step] of steps.entries()) {
		if (step.kind === "analysis" && !isMeasured)
			return `Step ${index + 1} is an analysis, and sluice.yaml says nothing to measure.`;
		if (step.kind !== "weight") continue;
		if (!(step.weight >= last && step.weight <= 100))
			return `Step ${index + 1} sets the weight to ${step.weight} after ${last}: weights rise, to 100 at most.`;
		last = step.weight;
	}
	return null;
}

/** What a person approves: digest, config, counts and policy, without placements and revisions. `sha256` returns hex. */
export function intentHash(plan: RolloutPlan, sha256: (text: string) => string): string {
	const { startRevision: _, ...intent } = plan;
	return sha256(canonicalJson(intent));
}

function workloadOf(release: PlannedRelease, environment: string): PlannedWorkload {
	const workload = release.manifest.environments[environment];
	const configVersion = release.config?.[environment];
	if (workload) {
		return {
			...workload,
			...(workload.references ? { references: withoutPlaces(workload.references) } : {}),
			...(configVersion === undefined ? {} : { configVersion }),
		};
	}
	throw new AppError(
		"invalid",
		`Release ${release.number} of ${release.manifest.service} has no environment ${environment} in its sluice.yaml: add it there and make a new release.`,
	);
}

function refOf({ id, number, repository, digest }: PlannedRelease): ReleaseRef {
	return { id, number, repository, digest };
}
