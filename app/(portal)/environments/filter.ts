import { type MatrixShow, matrixShows } from "@/domain/environment/show";
import { filtersIn } from "../../frame/filters-in";
import { pageRows } from "../../frame/paging";

export const filterNames = ["q", "show", "environment", "after"] as const;
export type MatrixFilters = Readonly<Record<(typeof filterNames)[number], string>>;

/** What the server is asked by an address. The page asks it before it is sent, and the browser must ask the very same. */
export function pageOf({ q, show, environment, after }: MatrixFilters) {
	const known = matrixShows.find((one) => one === show);
	return {
		...(q === "" ? {} : { search: q.slice(0, 100) }),
		// An environment alone narrows the columns, not the services.
		...(known === undefined ? {} : { show: known satisfies MatrixShow, ...(environment === "" ? {} : { environment }) }),
		...(after === "" ? {} : { after }),
		limit: pageRows,
	};
}

export const matrixFiltersIn = (search: Parameters<typeof filtersIn>[1]) => filtersIn(filterNames, search);
