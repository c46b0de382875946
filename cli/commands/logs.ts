import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { type Command, InvalidArgumentError } from "commander";
import { AppError } from "@/domain/errors";
import { pathsOf } from "@/domain/installation";
import { homeOf } from "../home";
import { type OutputOptions, withOutput } from "../output";
import { showLoggedInstances, showServiceLogs } from "./service-logs";

function count(text: string): number {
	const number = Number(text);
	if (!Number.isInteger(number) || number < 0) throw new InvalidArgumentError("it is a whole number.");
	return number;
}

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

function since(text: string): Date {
	const match = /^(\d{1,6})([smhd])$/.exec(text);
	const ms = match ? Date.now() - Number(match[1]) * unitMs[match[2] as keyof typeof unitMs] : Date.parse(text);
	if (Number.isNaN(ms)) throw new InvalidArgumentError("it is like 90s, 10m, 2h, 3d, or a time.");
	return new Date(ms);
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
	withOutput(program.command("logs <name>"))
		.description("the output of a service's instances (with --env), or of a component of Sluice")
		.option("--env <environment>", "of the service of this name, in this environment")
		.option("-f, --follow", "go on with what comes")
		.option("-n, --lines <n>", "the last n lines", count, 100)
		.option("--since <time>", "a service: not older than 90s, 10m, 2h, 3d, or a time as 2026-11-24T13:00:00Z", since)
		.option("--instance <id>", "a service: of one instance, gone or not")
		.option("--instances", "a service: which instances have a log, in place of the lines")
		.option("--search <words>", "a service: only lines with these words, upper case or not")
		.action(async (name: string, options: OutputOptions & Options) => {
			const home = homeOf();
			const { env } = options;
			if (env !== undefined && options.instances) return showLoggedInstances(home, name, env, options);
			if (env !== undefined) return showServiceLogs(home, { ...options, service: name, environment: env });
			if (options.since || options.instance || options.instances || options.search !== undefined)
				throw new AppError(
					"invalid",
					"--since, --instance, --instances and --search are for services: name the environment with --env.",
				);
			return showComponent(home, name, options);
		});
}

interface Options {
	readonly env?: string;
	readonly follow?: true;
	readonly lines: number;
	readonly since?: Date;
	readonly instance?: string;
	readonly instances?: true;
	readonly search?: string;
}

async function showComponent(home: string, component: string, options: Options): Promise<void> {
	const names = known(home);
	if (!names.includes(component)) {
		throw new AppError(
			"not-found",
			`There is no log of ${component} in ${home}: there are ${names.join(", ") || "none yet"}. Of a service: add --env <environment>.`,
		);
	}
	const file = `${pathsOf(home).logs}/${component}.log`;
	const argv = ["-n", String(options.lines), ...(options.follow ? ["-F"] : []), "--", file];
	const tail = spawn("tail", argv, { stdio: ["ignore", "inherit", "inherit"] });
	process.exitCode = await new Promise<number>((resolve, reject) => {
		tail.once("error", reject);
		tail.once("exit", (code) => resolve(code ?? 0));
	});
}
