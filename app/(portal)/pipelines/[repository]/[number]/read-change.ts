import type { PipelineLogLine, PipelinePage } from "@/server/views";

export interface PipelineChange {
	readonly page: PipelinePage | null;
	readonly lines: readonly PipelineLogLine[];
}

/** A `change` of a pipeline: a batch of lines, the page, or both. */
export function readChange(data: unknown): PipelineChange {
	if (Array.isArray(data)) return { page: null, lines: data as PipelineLogLine[] };
	if (typeof data !== "object" || data === null) return { page: null, lines: [] };
	const lines = "lines" in data && Array.isArray(data.lines) ? (data.lines as PipelineLogLine[]) : [];
	if ("page" in data) return { page: (data.page as PipelinePage | null) ?? null, lines };
	return { page: "steps" in data ? (data as PipelinePage) : null, lines };
}
