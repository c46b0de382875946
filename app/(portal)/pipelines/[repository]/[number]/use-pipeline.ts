"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useReducer } from "react";
import { linesOf } from "@/components/log/lines";
import type { PipelineLogLine, PipelineState } from "@/server/views";
import { useLive } from "../../../../live/use-live";
import { useTRPC, useTRPCClient } from "../../../../trpc/client";
import { readChange } from "./read-change";

export function isEnded(state: PipelineState): boolean {
	return state === "passed" || state === "failed" || state === "cancelled";
}

/** The page and its log: first what is stored, then what the stream brings; lines are known by their sequence. */
export function usePipeline(name: { repository: string; number: number }) {
	const procedures = useTRPCClient();
	const client = useQueryClient();
	const [entries, add] = useReducer(merged, []);
	const options = useTRPC().pipeline.get.queryOptions(name);
	const query = useQuery(options);
	const last = entries.reduce((highest, entry) => Math.max(highest, entry.sequence), 0);
	const log = useQuery({
		queryKey: ["pipeline-log", name],
		queryFn: () => readLog((after) => procedures.pipeline.log.query({ ...name, after })),
		staleTime: Number.POSITIVE_INFINITY,
		gcTime: 0,
	});
	useEffect(() => {
		if (log.data !== undefined) add(log.data);
	}, [log.data]);

	const address = useStreamAddress(name, log.data);
	useLive(address, {
		onChange: (data) => {
			const change = readChange(data);
			if (change.lines.length > 0) add(change.lines);
			if (change.page !== null) client.setQueryData(options.queryKey, change.page);
		},
		onGap: () => {
			void query.refetch();
			readLog((after) => procedures.pipeline.log.query({ ...name, after: Math.max(after, last) })).then(add, () => undefined);
		},
	});
	const lines = useMemo(() => linesOf(entries.map((entry) => ({ ...entry, group: entry.step }))), [entries]);
	return { query, lines, logProblem: log.isError ? log : null };
}

/** Opened once the stored lines are here, after the last of them; null until then. */
function useStreamAddress(
	name: { repository: string; number: number },
	stored: readonly PipelineLogLine[] | undefined,
): string | null {
	const { repository, number } = name;
	return useMemo(() => {
		if (stored === undefined) return null;
		return `/api/live/pipeline/${encodeURIComponent(repository)}/${number}?after=${stored.at(-1)?.sequence ?? 0}`;
	}, [repository, number, stored]);
}

/** All lines that are stored, page by page. */
async function readLog(
	page: (after: number) => Promise<{ lines: readonly PipelineLogLine[]; next: number }>,
): Promise<PipelineLogLine[]> {
	const all: PipelineLogLine[] = [];
	for (let after = 0; ; ) {
		const { lines, next } = await page(after);
		all.push(...lines);
		if (lines.length === 0 || next <= after) return all;
		after = next;
	}
}

function merged(known: readonly PipelineLogLine[], more: readonly PipelineLogLine[]): readonly PipelineLogLine[] {
	const seen = new Set(known.map((line) => line.sequence));
	const fresh = more.filter((line) => !seen.has(line.sequence));
	return fresh.length === 0 ? known : [...known, ...fresh];
}
