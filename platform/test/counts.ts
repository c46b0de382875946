export interface Counts {
	readonly passed: number;
	readonly failed: number;
}

export const none: Counts = { passed: 0, failed: 0 };
export const oneFailed: Counts = { passed: 0, failed: 1 };

export function sum(counts: readonly Counts[]): Counts {
	return counts.reduce((total, one) => ({ passed: total.passed + one.passed, failed: total.failed + one.failed }), none);
}

export interface VitestReport {
	readonly numPassedTests: number;
	readonly numFailedTests: number;
	readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

export interface PlaywrightReport {
	readonly stats: { readonly expected: number; readonly unexpected: number; readonly flaky: number };
	readonly errors: readonly unknown[];
}

/** A file that cannot be loaded has no tests in the report: it counts as a failed one. */
export function countVitest(report: VitestReport): Counts {
	const broken = report.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0).length;
	return { passed: report.numPassedTests, failed: report.numFailedTests + broken };
}

/** One that passes only at a second try is a failure: users do not get a second try. */
export function countPlaywright({ stats, errors }: PlaywrightReport): Counts {
	return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length };
}

/** A runner that failed without a failed test (a crash, an unhandled error) still failed. */
export function believing(counts: Counts, exitCode: number): Counts {
	return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

export function closingLine({ passed, failed }: Counts): string {
	return `${passed} passed, ${failed} failed`;
}

/** Nothing run is no success. */
export function exitCodeOf({ passed, failed }: Counts): number {
	return failed === 0 && passed > 0 ? 0 : 1;
}
