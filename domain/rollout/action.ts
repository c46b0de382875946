import type { RolloutState } from "@/domain/rollout/model";

/** The one next thing a rollout does. Each act is idempotent: doing it twice is doing it once. */
export type Action =
	| { readonly kind: "pull"; readonly release: number }
	| CreateAction
	| PublishAction
	| StopAction
	| HoldAction
	| { readonly kind: "turn-back"; readonly reason: string }
	| WaitAction
	| { readonly kind: "begin" }
	| AdvanceAction
	| { readonly kind: "analyse"; readonly step: number }
	| {
			readonly kind: "finish";
			readonly state: Extract<RolloutState, "promoted" | "rolled-back" | "failed" | "rejected">;
			readonly reason: string | null;
	  };

/** Place these instances of `release` and put them into their hosts' desired documents. */
export interface CreateAction {
	readonly kind: "create";
	readonly release: number;
	readonly ordinals: readonly number[];
}

/** Publish this traffic; `forget` are gone and no longer in it. */
export interface PublishAction {
	readonly kind: "publish";
	readonly intent: TrafficIntent;
	readonly forget: readonly string[];
}

/** Take these out of their hosts' desired documents. */
export interface StopAction {
	readonly kind: "stop";
	readonly instances: readonly string[];
}

/** These cannot be stopped safely: leave them running, and say why. */
export interface HoldAction {
	readonly kind: "hold";
	readonly instances: readonly string[];
	readonly reason: string;
}

export interface WaitAction {
	readonly kind: "wait";
	/** What for, to be read after "waits for". */
	readonly for: string;
	/** When to look again though nothing was told; null = only when told. */
	readonly until: number | null;
	/** A sentence when a person is needed; the rollout is `waiting` meanwhile. */
	readonly alarm: string | null;
}

/** From this step to the next. */
export interface AdvanceAction {
	readonly kind: "advance";
	readonly step: number;
	/** What was reached, as a sentence. */
	readonly because: string;
}

export interface TrafficIntent {
	/** Releases without endpoints are left out. */
	readonly releases: readonly IntentRelease[];
}

export interface IntentRelease {
	readonly release: number;
	/** 0 to 100, two decimals. */
	readonly weight: number;
	readonly endpoints: readonly { readonly instance: string; readonly phase: "warm" | "serving" | "draining" }[];
}
