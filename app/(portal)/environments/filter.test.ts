import { describe, expect, it } from "vitest";
import { matrixFiltersIn, pageOf } from "./filter";

describe("the filter of the matrix", () => {
	it("asks for what the address says, a page at a time", () => {
		expect(pageOf(matrixFiltersIn({}))).toEqual({ limit: 50 });
		expect(pageOf(matrixFiltersIn({ q: "shop", show: "drift", environment: "production", after: "orders" }))).toEqual({
			...{ search: "shop", show: "drift", environment: "production", after: "orders", limit: 50 },
		});
	});

	it("an environment alone is a column, and narrows no services; a show that there is not is no filter", () => {
		expect(pageOf(matrixFiltersIn({ environment: "staging" }))).toEqual({ limit: 50 });
		expect(pageOf(matrixFiltersIn({ show: "else", environment: "staging" }))).toEqual({ limit: 50 });
	});
});
