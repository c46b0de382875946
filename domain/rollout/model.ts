import type { AnalysisSpec, ApprovalSpec, CanaryStep, WorkloadSpec } from "@/domain/manifest/model";

/**
 * `queued` outbox written, workflow not yet started; `awaiting-approval` nothing has moved, people are asked;
 * `running`; `rolling-back` returning to the stable release; then one of the ended states. `rejected` = refused by a
 * person, withdrawn, or the approval expired: nothing ever moved. `superseded` = a pipeline's rollout replaced by a newer release before it began.
 * `waiting` = cannot go on nor back without help, alarmed, says what it waits for; it goes on by itself when that comes.
 */
export const rolloutStates = [
	"queued",
	"awaiting-approval",
	"running",
	"rolling-back",
	"waiting",
	"promoted",
	"rolled-back",
	"failed",
	"superseded",
	"rejected",
] as const;
export type RolloutState = (typeof rolloutStates)[number];
export const endedStates: readonly RolloutState[] = ["promoted", "rolled-back", "failed", "superseded", "rejected"];

/**
 * Why it moves: `release` a release new here; `rollback` one that served here before; the rest keep the release:
 * `scale` another count, `restart` new instances, `stop` none, `repair` instances of lost or drained hosts elsewhere.
 * Only `release` asks for approval and takes steps.
 */
export const rolloutKinds = ["release", "rollback", "scale", "restart", "stop", "repair"] as const;
export type RolloutKind = (typeof rolloutKinds)[number];

export interface ReleaseRef {
	readonly id: string;
	readonly number: number;
	readonly repository: string;
	readonly digest: string;
}

/** How a release runs here, and with which version of the environment's configuration; left out = with none. */
export interface PlannedWorkload extends WorkloadSpec {
	readonly configVersion?: number;
}

/** Fixed before anything moves; its hash (without placements) is the intent hash. */
export interface RolloutPlan {
	readonly kind: RolloutKind;
	readonly service: string;
	readonly environment: string;
	/** null = first release here. */
	readonly from: ReleaseRef | null;
	readonly to: ReleaseRef;
	readonly workload: PlannedWorkload;
	/** How `from` runs here: what going back restores. null = first release here. */
	readonly fromWorkload: PlannedWorkload | null;
	/** Taken one after the other before all traffic moves; empty = none. */
	readonly steps: readonly CanaryStep[];
	readonly analysis: AnalysisSpec | null;
	readonly approval: ApprovalSpec | null;
	/** The traffic revision before this rollout: what a proxy said about it or an older one is not about us. Not in the intent. */
	readonly startRevision: number;
}

/**
 * The life of one instance, in order; only forward, but for one: going back recalls a draining or held instance of
 * the stable release to serving, because its container never stopped. Stored in Postgres.
 * desired: in the host's document. warm: endpoint published at weight 0. serving: endpoint active with weight.
 * draining: endpoint DRAINING. stopping: left the document. gone: the host says the container is removed.
 * held: should stop, but a proxy that is not proven dead may still send to it.
 */
export const instancePhases = ["desired", "warm", "serving", "draining", "held", "stopping", "gone"] as const;
export type InstancePhase = (typeof instancePhases)[number];
