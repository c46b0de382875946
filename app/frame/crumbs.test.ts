import { describe, expect, it } from "vitest";
import { crumbsOf } from "./crumbs";
import { navigation, sectionOf } from "./navigation";

describe("crumbs", () => {
	it("lead from the catalog to a rollout, each with an address", () => {
		expect(crumbsOf("/services/orders/production/rollouts/42").map((crumb) => crumb.href)).toEqual([
			"/catalog",
			"/services/orders",
			"/rollouts?service=orders&environment=production",
			"/services/orders/production/rollouts/42",
		]);
	});

	it("lead from the pipelines to one pipeline", () => {
		expect(crumbsOf("/pipelines/shop/3").map((crumb) => crumb.kind)).toEqual(["section", "repository", "pipeline"]);
	});

	it("name each page of the rail, and mark it there", () => {
		for (const entry of navigation.flat()) {
			expect(crumbsOf(entry.href)).toEqual([{ kind: "section", key: entry.key, href: entry.href }]);
			expect(sectionOf(entry.href)).toBe(entry.key);
		}
	});

	it("a rollout belongs to Rollouts, a service to Catalog", () => {
		expect(sectionOf("/services/orders")).toBe("catalog");
		expect(sectionOf("/services/orders/staging/rollouts/1")).toBe("rollouts");
	});
});
