import type { Command } from "commander";
import type { Verdict } from "@/platform/doctor/check";
import { homeOf } from "../home";
import { type OutputOptions, printJson, withOutput } from "../output";

const signs: Readonly<Record<Verdict, string>> = { ok: "ok", warning: "WARNING", problem: "PROBLEM" };

export function register(program: Command): void {
	const command = program
		.command("doctor")
		.description("look for what stops this machine from running Sluice, and say how to mend it; ends with 1 at a problem");
	withOutput(command).action(async ({ output }: OutputOptions) => {
		const [{ examine }, { hasProblem }] = await Promise.all([
			import("@/platform/doctor/doctor"),
			import("@/platform/doctor/check"),
		]);
		const base = Number(process.env.SLUICE_PORT_BASE);
		const checks = await examine(homeOf(), Number.isInteger(base) && base > 0 ? base : undefined);
		if (output === "json") printJson(checks);
		else
			for (const { name, verdict, found, mend } of checks) {
				process.stdout.write(`${name.padEnd(13)} ${signs[verdict].padEnd(8)} ${found}\n`);
				if (mend !== null) process.stdout.write(`${" ".repeat(23)}${mend}\n`);
			}
		if (hasProblem(checks)) process.exitCode = 1;
	});
}
