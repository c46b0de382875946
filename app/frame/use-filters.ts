"use client";

import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useCallback } from "react";
import { pageParameter } from "./pager";

/** Filters live in the address, so a filtered page can be shared; an empty value leaves it. The third sets several at once. */
export function useFilters<Name extends string>(
	names: readonly Name[],
): [Record<Name, string>, (name: Name, value: string) => void, (values: Partial<Record<Name, string>>) => void] {
	const router = useRouter();
	const pathname = usePathname();
	const params = useSearchParams();
	const values = Object.fromEntries(names.map((name) => [name, params.get(name) ?? ""])) as Record<Name, string>;
	const setAll = useCallback(
		(changed: Partial<Record<Name, string>>) => {
			const next = new URLSearchParams(params);
			next.delete(pageParameter);
			for (const [name, value] of Object.entries<string | undefined>(changed)) {
				if (value === undefined || value === "") next.delete(name);
				else next.set(name, value);
			}
			const search = next.toString();
			router.replace(search === "" ? pathname : `${pathname}?${search}`, { scroll: false });
		},
		[params, pathname, router],
	);
	const set = useCallback((name: Name, value: string) => setAll({ [name]: value } as Record<Name, string>), [setAll]);
	return [values, set, setAll];
}
