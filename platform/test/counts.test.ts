import { describe, expect, it } from "vitest";
import { believing, closingLine, countPlaywright, countVitest, exitCodeOf, none, sum } from "./counts";
import { needsInstallation, stagesFor } from "./stages";

describe("counting", () => {
	it("a file that cannot be loaded is a failure", () => {
		const report = {
			numPassedTests: 3,
			numFailedTests: 1,
			testResults: [
				{ status: "failed", assertionResults: [] },
				{ status: "failed", assertionResults: [{}] },
			],
		};
		expect(countVitest(report)).toEqual({ passed: 3, failed: 2 });
	});

	it("a browser test that passes only at the second try is a failure", () => {
		expect(countPlaywright({ stats: { expected: 4, unexpected: 1, flaky: 1 }, errors: [] })).toEqual({ passed: 4, failed: 2 });
	});

	it("a runner that crashed after its tests passed is a failure", () => {
		expect(believing({ passed: 5, failed: 0 }, 1)).toEqual({ passed: 5, failed: 1 });
		expect(believing({ passed: 5, failed: 2 }, 1)).toEqual({ passed: 5, failed: 2 });
	});

	it("the closing line sums all runners, and nothing run is no success", () => {
		const total = sum([
			{ passed: 2, failed: 0 },
			{ passed: 1, failed: 1 },
		]);
		expect(closingLine(total)).toBe("3 passed, 1 failed");
		expect([exitCodeOf(total), exitCodeOf(none), exitCodeOf({ passed: 1, failed: 0 })]).toEqual([1, 1, 0]);
	});
});

describe("choosing stages", () => {
	it("runs all without a filter, and needs an installation only for those that use one", () => {
		expect(stagesFor(undefined).map((stage) => stage.name)).toEqual(["check", "unit", "integration", "e2e"]);
		expect(needsInstallation(stagesFor("unit"))).toBe(false);
		expect(needsInstallation(stagesFor("e2e"))).toBe(true);
	});

	it("knows by a file's name which runner it is for", () => {
		expect(stagesFor("domain/rollout")).toEqual([{ name: "unit", filter: "domain/rollout" }]);
		expect(stagesFor("platform/supervisor/supervisor.integration.test.ts")[0]?.name).toBe("integration");
		expect(stagesFor("e2e/sign-in.spec.ts")[0]?.name).toBe("e2e");
	});
});
