"use client";

import { useFormatter } from "next-intl";

/** Names after each other as the language separates them, without an "and". */
export function useList(): (names: readonly string[]) => string {
	const format = useFormatter();
	return (names) => format.list(names, { type: "conjunction", style: "narrow" });
}
