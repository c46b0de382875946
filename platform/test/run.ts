import { rmSync } from "node:fs";
import { messageOf } from "@/domain/errors";
import { machineDirectory, testPortBase } from "@/domain/installation";
import { takeDown } from "../down";
import { underHomeLock } from "../home-lock";
import { findInstallation } from "../installation";
import { ensurePackages, forTests } from "../obtain/programs";
import { obtainWheel } from "../obtain/wheel";
import { requireRoot } from "../preflight";
import { say, step } from "../progress";
import { checkout, ownEnvironment } from "../setup";
import { bringUp } from "../up";
import { versions } from "../versions";
import { type Counts, closingLine, exitCodeOf, oneFailed, sum } from "./counts";
import { runStage } from "./runners";
import { needsInstallation, type Stage, stagesFor } from "./stages";

const testFleet = 2;
const home = `${checkout}/.sluice-test`;

/** Runs the tests in an installation of their own and prints the closing line last; answers with the exit code. */
export async function runTests(filter: string | undefined): Promise<number> {
	requireRoot(process.getuid?.());
	const stages = stagesFor(filter);
	const ending = new AbortController();
	for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => ending.abort());
	const counts: Counts[] = [];
	try {
		await runAll(stages, ending.signal, counts);
	} catch (error) {
		say(`sluice: ${messageOf(error)}`);
		counts.push(oneFailed);
	}
	if (ending.signal.aborted) counts.push(oneFailed);
	const total = sum(counts);
	process.stdout.write(`${closingLine(total)}\n`);
	return exitCodeOf(total);
}

async function runAll(stages: readonly Stage[], signal: AbortSignal, counts: Counts[]): Promise<void> {
	const testServer = await step("Temporal's test server", () => obtainWheel(versions.temporalTestServer));
	const env = {
		...process.env,
		...ownEnvironment({ root: checkout, home }),
		NODE_ENV: "test" as const,
		SLUICE_TEMPORAL_TEST_SERVER: testServer,
	};
	const runner = { reports: `${checkout}/test-results/reports`, env, signal };
	const [alone, together] = [
		stages.filter((stage) => !needsInstallation([stage])),
		stages.filter((stage) => needsInstallation([stage])),
	];
	for (const stage of alone) counts.push(await runStage(stage, runner));
	if (together.length === 0 || signal.aborted) return;
	await ensurePackages(forTests);
	await remove();
	try {
		await bringUp(home, { fleet: testFleet, portBase: Number(process.env.SLUICE_PORT_BASE ?? testPortBase) });
		for (const stage of together) {
			if (!signal.aborted) counts.push(await runStage(stage, runner));
		}
	} finally {
		await step("The test installation is taken down", () => underHomeLock(home, () => takeDown(home)));
	}
}

/** Each run begins with an empty installation: what an earlier one left is ended and its data removed. Its logs stay until then. */
async function remove(): Promise<void> {
	const installation = findInstallation(home);
	await underHomeLock(home, () => takeDown(home));
	if (installation) rmSync(machineDirectory(installation.id), { recursive: true, force: true });
	rmSync(home, { recursive: true, force: true });
}
