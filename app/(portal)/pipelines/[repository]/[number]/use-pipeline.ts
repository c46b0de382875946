"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useReducer, useRef } from "react";
import { linesOf } from "@/components/log/lines";
import type { PipelineLogLine, PipelinePage, PipelineState } from "@/server/views";
import { useLive } from "../../../../live/use-live";
import { useTRPC } from "../../../../trpc/client";
import { readChange } from "./read-change";

export function isEnded(state: PipelineState): boolean {
	return state === "passed" || state === "failed" || state === "cancelled";
}

/** The page and its log: first what is stored, then what the stream brings; lines are known by their sequence. */
export function usePipeline(name: { repository: string; number: number }) {
	const trpc = useTRPC();
	const client = useQueryClient();
	const [entries, add] = useReducer(merged, []);
	const options = trpc.pipeline.get.queryOptions(name);
	const query = useQuery(options);
	const after = useRef(0);
	for (const entry of entries) after.current = Math.max(after.current, entry.sequence);
	const log = useQuery(
		trpc.pipeline.log.queryOptions({ ...name, after: after.current }, { staleTime: Number.POSITIVE_INFINITY }),
	);
	useEffect(() => {
		if (log.data !== undefined && log.data.lines.length > 0) add(log.data.lines);
	}, [log.data]);

	const stored = log.data !== undefined;
	const address = `/api/live/pipeline/${encodeURIComponent(name.repository)}/${name.number}`;
	useLive(stored ? address : null, {
		onChange: (data) => {
			const change = readChange(data);
			if (change.lines.length > 0) add(change.lines);
			if (change.page !== null) client.setQueryData(options.queryKey, change.page satisfies PipelinePage);
		},
		onGap: () => void query.refetch(),
	});
	const lines = useMemo(() => linesOf(entries.map((entry) => ({ ...entry, group: entry.step }))), [entries]);
	return { query, lines, logProblem: log.isError ? log : null };
}

function merged(known: readonly PipelineLogLine[], more: readonly PipelineLogLine[]): readonly PipelineLogLine[] {
	const seen = new Set(known.map((line) => line.sequence));
	const fresh = more.filter((line) => !seen.has(line.sequence));
	return fresh.length === 0 ? known : [...known, ...fresh];
}
