"use client";

import { useCallback, useEffect, useReducer, useRef, useState } from "react";
import type { InstanceLine } from "@/domain/instance-log/model";
import type { LogPage } from "@/server/views";
import { useLive } from "../../../../live/use-live";
import { useTRPCClient } from "../../../../trpc/client";
import { behindLinked, type KeptLines, type LogWish, newestMs, none, wished, withLines } from "./kept-lines";

const pageLines = 500;
/** Once a search has looked so often for nothing it waits to be told to go on. */
const mostLooks = 5;

type Change =
	| { readonly kind: "reset" }
	| { readonly kind: "add"; readonly lines: readonly InstanceLine[]; readonly older?: string | null };

function changed(kept: KeptLines, change: Change): KeptLines {
	return change.kind === "reset" ? none : withLines(kept, change.lines, change.older);
}

/** What the wish is for: the newest of it first (or what is around the address's line), older on demand, and what comes. */
export function useServiceLog(wish: LogWish) {
	const client = useTRPCClient();
	const [kept, change] = useReducer(changed, none);
	const [state, setState] = useState<{ isLoading: boolean; error: unknown; live: string | null }>(beginning);
	const { service, environment, instance, spanMs, search } = wish;
	/** Counts the wishes: an answer to an older one is not shown. */
	const turn = useRef(0);

	const read = useCallback(
		async (from: string | null, direction: "backward" | "forward" = "backward", isLinked = false): Promise<LogPage> => {
			// A link shows its line however old it is.
			const since = spanMs === null || isLinked ? null : new Date(Date.now() - spanMs).toISOString();
			const asked = { service, environment, instance: instance || null, since, search, direction, limit: pageLines };
			let page = await client.log.read.query({ ...asked, from });
			for (let looks = 1; page.isCut && page.lines.length === 0 && looks < mostLooks; looks += 1)
				page = await client.log.read.query({ ...asked, from: page.next });
			return page;
		},
		[client, service, environment, instance, spanMs, search],
	);

	const begin = useCallback(async (): Promise<void> => {
		turn.current += 1;
		const mine = turn.current;
		change({ kind: "reset" });
		setState(beginning);
		try {
			const linked = behindLinked(location.hash);
			const page = await read(linked, "backward", linked !== null);
			const rest = linked === null ? null : await read(linked, "forward", true);
			if (mine !== turn.current) return;
			const lines = [...page.lines, ...(rest?.lines ?? [])];
			change({ kind: "add", lines, older: page.next });
			// With lines between these and the newest, what comes would not join on.
			const isWhole = rest === null || rest.next === null;
			const where = ["log", service, environment, ...(instance === "" ? [] : [instance])].map(encodeURIComponent).join("/");
			setState({ isLoading: false, error: null, live: isWhole ? `/api/live/${where}?after=${newestMs(lines)}` : null });
		} catch (error) {
			if (mine === turn.current) setState({ isLoading: false, error, live: null });
		}
	}, [read, service, environment, instance]);
	useEffect(() => {
		void begin();
	}, [begin]);

	const older = useCallback(async (): Promise<void> => {
		const mine = turn.current;
		setState((now) => ({ ...now, isLoading: true }));
		try {
			const page = await read(kept.older);
			if (mine !== turn.current) return;
			change({ kind: "add", lines: page.lines, older: page.next });
			setState((now) => ({ ...now, isLoading: false, error: null }));
		} catch (error) {
			if (mine === turn.current) setState((now) => ({ ...now, isLoading: false, error }));
		}
	}, [read, kept.older]);

	useLive(state.live, {
		// The stream comes back with what is newer than the last it told, and some before: all are known by their numbers.
		onChange: (data) => change({ kind: "add", lines: wished(data as InstanceLine[], wish) }),
	});
	return { ...kept, ...state, loadOlder: older, begin };
}

const beginning = { isLoading: true, error: null, live: null };
