import { type VersionState, versionStates } from "@/domain/version-state";
import { filtersIn } from "../../frame/filters-in";
import { pageRows } from "../../frame/paging";

export const filterNames = ["q", "environment", "state", "after"] as const;
export type CatalogFilters = Readonly<Record<(typeof filterNames)[number], string>>;

/** What the server is asked by an address. The page asks it before it is sent, and the browser must ask the very same. */
export function questionOf({ q, environment, state }: CatalogFilters) {
	const known = versionStates.find((one) => one === state);
	return {
		...(q === "" ? {} : { search: q.slice(0, 100) }),
		...(environment === "" ? {} : { environment }),
		...(known === undefined ? {} : { state: known satisfies VersionState }),
	};
}

export function pageOf(filters: CatalogFilters) {
	return { ...questionOf(filters), ...(filters.after === "" ? {} : { after: filters.after }), limit: pageRows };
}

export const catalogFiltersIn = (search: Parameters<typeof filtersIn>[1]) => filtersIn(filterNames, search);
