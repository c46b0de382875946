import { spawn } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { readJson } from "../atomic-file";
import { say } from "../progress";
import { checkout } from "../setup";
import {
	believing,
	type Counts,
	countPlaywright,
	countVitest,
	none,
	oneFailed,
	type PlaywrightReport,
	type VitestReport,
} from "./counts";
import type { Stage } from "./stages";

export interface RunnerSetup {
	/** Where reports go. */
	readonly reports: string;
	readonly env: NodeJS.ProcessEnv;
	/** Ends the runner when the user ends `sluice test`. */
	readonly signal: AbortSignal;
}

const bin = (name: string) => `${checkout}/node_modules/.bin/${name}`;

/** The runner's output goes to stderr: stdout has the closing line only. */
function run(argv: readonly string[], { env, signal }: RunnerSetup, more: Record<string, string> = {}): Promise<number> {
	const [program = "", ...rest] = argv;
	return new Promise((resolve) => {
		const child = spawn(program, rest, { cwd: checkout, env: { ...env, ...more }, stdio: ["ignore", 2, 2], signal });
		child.once("error", (error) => {
			say(`${program}: ${error.message}`);
			resolve(1);
		});
		child.once("exit", (code) => resolve(code ?? 1));
	});
}

export async function runStage(stage: Stage, setup: RunnerSetup): Promise<Counts> {
	say(`\n== ${stage.name}${stage.filter === null ? "" : ` (${stage.filter})`}`);
	switch (stage.name) {
		case "check":
			return checks(setup);
		case "unit":
		case "integration":
			return vitest(stage, setup);
		case "e2e":
			return playwright(stage, setup);
	}
}

async function checks(setup: RunnerSetup): Promise<Counts> {
	const codes = [
		await run([bin("biome"), "check", "--error-on-warnings", "."], setup),
		await run([bin("tsc"), "--noEmit"], setup),
	];
	return { passed: codes.filter((code) => code === 0).length, failed: codes.filter((code) => code !== 0).length };
}

function reportFile(stage: Stage, setup: RunnerSetup): string {
	mkdirSync(setup.reports, { recursive: true });
	const file = `${setup.reports}/${stage.name}.json`;
	rmSync(file, { force: true });
	return file;
}

async function vitest(stage: Stage, setup: RunnerSetup): Promise<Counts> {
	const file = reportFile(stage, setup);
	const code = await run(
		[
			...[bin("vitest"), "run", "--project", stage.name, "--passWithNoTests"],
			...["--reporter=default", "--reporter=json", `--outputFile.json=${file}`],
			...(stage.filter === null ? [] : [stage.filter]),
		],
		setup,
	);
	const report = readJson<VitestReport>(file);
	return report === null ? oneFailed : believing(countVitest(report), code);
}

const playwrightConfig = "e2e/playwright.config.ts";

async function playwright(stage: Stage, setup: RunnerSetup): Promise<Counts> {
	if (!existsSync(`${checkout}/${playwrightConfig}`)) {
		say(`There is no ${playwrightConfig}: no browser tests.`);
		return none;
	}
	const file = reportFile(stage, setup);
	const argv = [bin("playwright"), "test", "--config", playwrightConfig, "--reporter=list,json"];
	const code = await run([...argv, ...(stage.filter === null ? [] : [stage.filter])], setup, {
		PLAYWRIGHT_JSON_OUTPUT_FILE: file,
	});
	const report = readJson<PlaywrightReport>(file);
	return report === null ? oneFailed : believing(countPlaywright(report), code);
}
