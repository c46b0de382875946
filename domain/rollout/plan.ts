import type { PinnedConfig } from "@/domain/config/model";
import { withoutPlaces } from "@/domain/config/reference";
import { AppError } from "@/domain/errors";
import type { Manifest } from "@/domain/manifest/model";
import { canonicalJson } from "@/domain/rollout/canonical-json";
import type { PlannedWorkload, ReleaseRef, RolloutPlan } from "@/domain/rollout/model";

export interface PlannedRelease extends ReleaseRef {
	readonly manifest: Manifest;
	/** Left out = none. */
	readonly config?: PinnedConfig;
}

/** What a rollout will do, fixed before anything moves. Throws `invalid` when the release does not name the environment. */
export function makePlan(input: {
	service: string;
	environment: string;
	from: PlannedRelease | null;
	to: PlannedRelease;
	startRevision: number;
}): RolloutPlan {
	const { service, environment, from, to, startRevision } = input;
	return {
		service,
		environment,
		from: from && refOf(from),
		to: refOf(to),
		workload: workloadOf(to, environment),
		fromWorkload: from && workloadOf(from, environment),
		startRevision,
	};
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
