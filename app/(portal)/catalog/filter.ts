import { type VersionState, versionStates } from "@/domain/version-state";
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

/** The filters of an address as Next gives it to a page: one given twice counts once. */
export function filtersIn(search: Readonly<Record<string, string | string[] | undefined>>): CatalogFilters {
	const one = (name: string) => [search[name] ?? ""].flat()[0] ?? "";
	return { q: one("q"), environment: one("environment"), state: one("state"), after: one("after") };
}
