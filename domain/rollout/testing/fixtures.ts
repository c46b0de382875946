import type { AnalysisSpec, CanaryStep, WorkloadSpec } from "@/domain/manifest/model";
import type { ReleaseRef, RolloutKind, RolloutPlan } from "@/domain/rollout/model";

export function workload(overrides: Partial<WorkloadSpec> = {}): WorkloadSpec {
	return {
		instances: 2,
		command: null,
		variables: {},
		ports: [{ name: "http", port: 8080, targetPort: 3000, protocol: "http" }],
		health: { kind: "http", port: "http", path: "/healthz" },
		limits: { memoryBytes: 64 << 20, cpus: 1 },
		exposed: true,
		requestTimeoutMs: 0,
		streamIdleTimeoutMs: 3_600_000,
		stopGraceMs: 10_000,
		strategy: { kind: "rolling", maxSurge: 2, maxUnavailable: 0 },
		analysis: null,
		approval: null,
		after: null,
		deadlines: { pullMs: 600_000, healthyMs: 60_000, drainMs: 30_000 },
		...overrides,
	};
}

export function release(number: number): ReleaseRef {
	return { id: `release-${number}`, number, repository: "orders", digest: `sha256:${String(number).padStart(64, "0")}` };
}

export function planOf(input: {
	from: number | null;
	to: number;
	workload?: WorkloadSpec;
	fromWorkload?: WorkloadSpec;
	kind?: RolloutKind;
	steps?: readonly CanaryStep[];
	analysis?: AnalysisSpec;
}): RolloutPlan {
	const to = input.workload ?? workload();
	return {
		kind: input.kind ?? "release",
		service: "orders",
		environment: "staging",
		from: input.from === null ? null : release(input.from),
		to: release(input.to),
		workload: to,
		fromWorkload: input.from === null ? null : (input.fromWorkload ?? to),
		steps: input.from === null ? [] : (input.steps ?? []),
		analysis: input.analysis ?? null,
		approval: null,
		startRevision: input.from === null ? 0 : 1,
	};
}
