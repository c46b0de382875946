import type { Tone } from "@/components/status";
import type { InstancePhase, RolloutState } from "@/domain/rollout/model";
import type {
	HostRow,
	PipelinePage,
	PipelineState,
	PlatformComponent,
	RolloutPage,
	RunningVersion,
	ScaffoldPage,
} from "@/server/views";

export const rolloutTones: Record<RolloutState, Tone> = {
	queued: "waiting",
	"awaiting-approval": "waiting",
	running: "progressing",
	"rolling-back": "degraded",
	waiting: "waiting",
	promoted: "healthy",
	"rolled-back": "degraded",
	failed: "failed",
	superseded: "stopped",
	rejected: "stopped",
};

export const pipelineTones: Record<PipelineState, Tone> = {
	queued: "waiting",
	running: "progressing",
	passed: "healthy",
	failed: "failed",
	cancelled: "stopped",
};

export const pipelineStepTones: Record<PipelinePage["steps"][number]["state"], Tone> = {
	pending: "stopped",
	running: "progressing",
	passed: "healthy",
	failed: "failed",
	skipped: "stopped",
	cancelled: "stopped",
};

export const rolloutStepTones: Record<RolloutPage["steps"][number]["state"], Tone> = {
	pending: "stopped",
	running: "progressing",
	done: "healthy",
	failed: "failed",
	skipped: "unknown",
};

export const versionTones: Record<RunningVersion["state"], Tone> = {
	healthy: "healthy",
	progressing: "progressing",
	"awaiting-approval": "waiting",
	degraded: "degraded",
	failed: "failed",
	stopped: "stopped",
	"never-deployed": "stopped",
	unknown: "unknown",
};

export const phaseTones: Record<InstancePhase, Tone> = {
	desired: "waiting",
	warm: "progressing",
	serving: "healthy",
	draining: "progressing",
	held: "degraded",
	stopping: "progressing",
	gone: "stopped",
};

export const hostTones: Record<HostRow["state"], Tone> = {
	ready: "healthy",
	silent: "degraded",
	draining: "progressing",
	drained: "stopped",
	removed: "stopped",
};

export const componentTones: Record<PlatformComponent["state"], Tone> = {
	running: "healthy",
	starting: "progressing",
	restarting: "degraded",
	absent: "unknown",
	stopped: "failed",
};

export const scaffoldTones: Record<ScaffoldPage["state"], Tone> = {
	running: "progressing",
	waiting: "waiting",
	done: "healthy",
	failed: "failed",
	cancelled: "stopped",
};

export const scaffoldStepTones: Record<ScaffoldPage["steps"][number]["state"], Tone> = {
	pending: "stopped",
	running: "progressing",
	done: "healthy",
	failed: "failed",
	cancelled: "stopped",
};
