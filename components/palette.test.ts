import { describe, expect, it } from "vitest";
import { matching } from "./palette";

const items = ["orders", "reorder", "Hosts"].map((label) => ({
	id: label,
	label,
	group: label === "Hosts" ? "page" : "service",
	href: "/",
}));

describe("what is found", () => {
	it("has every typed word in its name or kind, names that begin with it first", () => {
		expect(matching(items, "order").map((item) => item.label)).toEqual(["orders", "reorder"]);
		expect(matching(items, "re service").map((item) => item.label)).toEqual(["reorder"]);
		expect(matching(items, "nothing like it")).toEqual([]);
	});
});
