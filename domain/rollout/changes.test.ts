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

test("says bytes and times as sluice.yaml has them, and a number that is neither as it is", () => {
	const from = {
		limits: { memoryBytes: 268_435_456, cpus: 0.5 },
		deadlines: { pullMs: 600_000, drainMs: 1_500 },
		requestTimeoutMs: 0,
	};
	const to = {
		limits: { memoryBytes: 1_000_000, cpus: 1 },
		deadlines: { pullMs: 3_600_000, drainMs: 2_000 },
		requestTimeoutMs: 90_000,
	};
	expect(differences(from, to)).toEqual([
		{ path: "deadlines.drain", from: "1500ms", to: "2s" },
		{ path: "deadlines.pull", from: "10m", to: "1h" },
		{ path: "limits.cpus", from: "0.5", to: "1" },
		{ path: "limits.memory", from: "256Mi", to: "1000000" },
		{ path: "requestTimeout", from: "0", to: "90s" },
	]);
});

test("tells what is delivered from how", () => {
	const paths = ["variables.LOG", "strategy.steps", "analysis", "strategyNote", "instances"];
	expect(paths.filter(isOfDelivery)).toEqual(["strategy.steps", "analysis"]);
});
