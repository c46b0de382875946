"use client";

import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useCallback } from "react";
import { pageParameter } from "./pager";

/** Filters live in the address, so a filtered page can be shared; an empty value leaves it. */
export function useFilters<Name extends string>(
	names: readonly Name[],
): [Record<Name, string>, (name: Name, value: string) => void] {
	const router = useRouter();
	const pathname = usePathname();
	const params = useSearchParams();
	const values = Object.fromEntries(names.map((name) => [name, params.get(name) ?? ""])) as Record<Name, string>;
	const set = useCallback(
		(name: Name, value: string) => {
			const next = new URLSearchParams(params);
			next.delete(pageParameter);
			if (value === "") next.delete(name);
			else next.set(name, value);
			const search = next.toString();
			router.replace(search === "" ? pathname : `${pathname}?${search}`, { scroll: false });
		},
		[params, pathname, router],
	);
	return [values, set];
}
