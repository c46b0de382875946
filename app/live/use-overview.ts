"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useLive } from "./use-live";

/** Changes come in bursts while something rolls out; the lists are asked for at most this often. */
const atMostEveryMs = 1_000;

/** For pages of lists: whatever changed anywhere, what is on the page is asked for again. */
export function useOverview(): void {
	const client = useQueryClient();
	const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
	const refresh = () => {
		timer.current ??= setTimeout(() => {
			timer.current = undefined;
			void client.invalidateQueries();
		}, atMostEveryMs);
	};
	useEffect(
		() => () => {
			clearTimeout(timer.current);
			timer.current = undefined;
		},
		[],
	);
	useLive("/api/live/overview", { onChange: refresh, onGap: refresh });
}
