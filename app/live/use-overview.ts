"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useLive } from "./use-live";

/** For pages of lists: whatever changed anywhere, what is on the page is asked for again. */
export function useOverview(): void {
	const client = useQueryClient();
	const refresh = () => void client.invalidateQueries();
	useLive("/api/live/overview", { onChange: refresh, onGap: refresh });
}
