import { expect, test } from "vitest";
import { differences, isOfDelivery } from "@/domain/rollout/changes";

test("names each value that differs, and nothing else", () => {
	const from = { instances: 2, variables: { LOG: "info", OLD: "1" }, ports: [1] };
	const to = { instances: 3, variables: { LOG: "info", NEW: "x" }, ports: [1] };
	expect(differences(from, to)).toEqual([
		{ path: "instances", from: "2", to: "3" },
		{ path: "variables.NEW", from: null, to: "x" },
		{ path: "variables.OLD", from: "1", to: null },
	]);
	expect(differences(to, to)).toEqual([]);
});

test("tells what is delivered from how", () => {
	const paths = ["variables.LOG", "strategy.steps", "analysis", "strategyNote", "instances"];
	expect(paths.filter(isOfDelivery)).toEqual(["strategy.steps", "analysis"]);
});
