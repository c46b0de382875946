import type { WorkloadSpec } from "@/domain/manifest/model";

/**
 * `queued` outbox written, workflow not yet started; `running`; `rolling-back` returning to the stable release;
 * then one of the ended states. `superseded` = a pipeline's rollout replaced by a newer release before it began.
 * `waiting` = cannot go on nor back without help, alarmed, says what it waits for; it goes on by itself when that comes.
 */
export const rolloutStates = [
	"queued",
	"running",
	"rolling-back",
	"waiting",
	"promoted",
	"rolled-back",
	"failed",
	"superseded",
] as const;
export type RolloutState = (typeof rolloutStates)[number];
export const endedStates: readonly RolloutState[] = ["promoted", "rolled-back", "failed", "superseded"];

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
	readonly service: string;
	readonly environment: string;
	/** null = first release here. */
	readonly from: ReleaseRef | null;
	readonly to: ReleaseRef;
	readonly workload: PlannedWorkload;
	/** How `from` runs here: what going back restores. null = first release here. */
	readonly fromWorkload: PlannedWorkload | null;
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
