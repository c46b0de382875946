import { hasEnded, type PipelineState } from "@/domain/pipeline/model";

/** Why a cancel is not allowed now, as a sentence; null = allowed. Pages and the verb ask the same. */
export function whyNotCancel(pipeline: {
	readonly state: PipelineState;
	readonly cancelRequestedBy: string | null;
}): string | null {
	if (hasEnded(pipeline.state)) return `It has ended: ${pipeline.state}.`;
	if (pipeline.cancelRequestedBy !== null) return `${pipeline.cancelRequestedBy} has asked to cancel it already.`;
	return null;
}
