import { describe, expect, it } from "vitest";
import type { EnvironmentMatrix, MatrixCell } from "@/server/views";
import { isShown } from "./filter";

const cell = { problem: null, rollout: null, frozen: null, drift: null } as MatrixCell;
const drift = { environment: "staging", release: 2, relation: "ahead", releases: 1, commits: 3, isCut: false } as const;
const line: EnvironmentMatrix["services"][number] = {
	name: "orders",
	description: "Takes orders",
	owner: "shop",
	cells: [cell, { ...cell, drift, problem: "1 of 2 instances are healthy." }],
};

describe("what the matrix shows", () => {
	it("is found by words of its name, description or owner", () => {
		expect(isShown(line, { q: "", show: "" })).toBe(true);
		expect(isShown(line, { q: "SHOP takes", show: "" })).toBe(true);
		expect(isShown(line, { q: "cart", show: "" })).toBe(false);
	});

	it("is found by what any of its environments has; a word nobody knows finds all", () => {
		const found = ["drift", "trouble", "rollout", "frozen", "else"].filter((show) => isShown(line, { q: "", show }));
		expect(found).toEqual(["drift", "trouble", "else"]);
		expect(isShown(line, { q: "cart", show: "drift" })).toBe(false);
	});
});
