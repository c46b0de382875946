import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { type Command, InvalidArgumentError } from "commander";
import { AppError } from "@/domain/errors";
import { pathsOf } from "@/domain/installation";
import { homeOf } from "../home";

function count(text: string): number {
	const number = Number(text);
	if (!Number.isInteger(number) || number < 0) throw new InvalidArgumentError("it is a whole number.");
	return number;
}

/** Names of components that have a log. */
function known(home: string): string[] {
	const folder = pathsOf(home).logs;
	if (!existsSync(folder)) return [];
	return readdirSync(folder)
		.filter((name) => name.endsWith(".log"))
		.map((name) => name.slice(0, -".log".length));
}

export function register(program: Command): void {
	program
		.command("logs <component>")
		.description("the output of a component")
		.option("-f, --follow", "go on with what comes")
		.option("-n, --lines <n>", "the last n lines", count, 100)
		.action(async (component: string, options: { follow?: true; lines: number }) => {
			const home = homeOf();
			const names = known(home);
			if (!names.includes(component)) {
				throw new AppError(
					"not-found",
					`There is no log of ${component} in ${home}: there are ${names.join(", ") || "none yet"}.`,
				);
			}
			const file = `${pathsOf(home).logs}/${component}.log`;
			const argv = ["-n", String(options.lines), ...(options.follow ? ["-F"] : []), "--", file];
			const tail = spawn("tail", argv, { stdio: ["ignore", "inherit", "inherit"] });
			process.exitCode = await new Promise<number>((resolve, reject) => {
				tail.once("error", reject);
				tail.once("exit", (code) => resolve(code ?? 0));
			});
		});
}
