import { describe, expect, it } from "vitest";
import { catalogFiltersIn, pageOf, questionOf } from "./filter";

describe("the catalog's filter", () => {
	it("asks for what the address says, and for nothing that it does not", () => {
		expect(questionOf(catalogFiltersIn({}))).toEqual({});
		expect(questionOf(catalogFiltersIn({ q: "shop takes", environment: "staging", state: "failed" }))).toEqual({
			search: "shop takes",
			environment: "staging",
			state: "failed",
		});
	});

	it("a state that there is not is no filter, rather than an error", () => {
		expect(questionOf(catalogFiltersIn({ state: "splendid" }))).toEqual({});
	});

	it("a word given twice counts once", () => {
		expect(catalogFiltersIn({ q: ["a", "b"] }).q).toBe("a");
	});

	it("goes on after the name in the address", () => {
		expect(pageOf(catalogFiltersIn({ after: "orders" }))).toEqual({ after: "orders", limit: 50 });
	});
});
