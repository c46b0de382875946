"use client";

import { ChevronRight, ChevronsLeft } from "lucide-react";
import Link from "next/link";
import { usePathname, useSearchParams } from "next/navigation";
import { useTranslations } from "next-intl";
import { buttonStyle } from "@/components/button";

/** The word in the address after which a list goes on. Another filter begins at the beginning. */
export const pageParameter = "after";

/**
 * One page of a list at a time, by a cursor in the address: so it can be shared, the browser's Back is the page before,
 * and a change anywhere asks for the rows of one page only. `next` null = there is none.
 */
export function Pager({ next }: { next: string | null }) {
	const t = useTranslations("pager");
	const pathname = usePathname();
	const params = useSearchParams();
	const isFirst = !params.has(pageParameter);
	if (isFirst && next === null) return null;
	const to = (cursor: string | null) => {
		const search = new URLSearchParams(params);
		search.delete(pageParameter);
		if (cursor !== null) search.set(pageParameter, cursor);
		return search.size === 0 ? pathname : `${pathname}?${search}`;
	};
	return (
		<nav aria-label={t("label")} className="mt-3 flex gap-2">
			{!isFirst && (
				<Link href={to(null)} prefetch={false} className={buttonStyle({})}>
					<ChevronsLeft aria-hidden="true" className="size-4" />
					{t("first")}
				</Link>
			)}
			{next !== null && (
				<Link href={to(next)} prefetch={false} className={buttonStyle({})}>
					{t("next")}
					<ChevronRight aria-hidden="true" className="size-4" />
				</Link>
			)}
		</nav>
	);
}
