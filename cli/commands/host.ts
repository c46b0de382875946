import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Command } from "commander";
import { AppError } from "@/domain/errors";
import { hostDirectory } from "@/domain/installation";
import { checkout, ownProgram } from "@/platform/setup";
import type { HostRow } from "@/server/views";
import { createClient } from "../client";
import { homeOf } from "../home";
import { type OutputOptions, print, printJson, tell, withOutput } from "../output";

const columns = {
	HOST: (row: HostRow) => row.name,
	STATE: (row: HostRow) => row.state,
	ADDRESS: (row: HostRow) => row.address,
	ROLES: (row: HostRow) => row.roles.join(","),
	INSTANCES: (row: HostRow) => row.instances.length,
	REVISION: (row: HostRow) => `${row.reportedRevision} of ${row.desiredRevision}`,
	PROXIES: (row: HostRow) => row.proxies.map((proxy) => `${proxy.id}${proxy.alive ? "" : " (silent)"}`).join(","),
	PROBLEM: (row: HostRow) => row.problem,
};

interface JoinOptions {
	readonly relay: string;
	readonly name: string;
	readonly address: string;
	readonly docker: string;
	readonly tokenFile: string;
}

export function register(program: Command): void {
	const host = program.command("host").description("machines that run services");
	withOutput(host.command("list").description("hosts, what they run and have acknowledged")).action(
		async (options: OutputOptions) => {
			print(options, await createClient(homeOf()).host.list.query(), columns);
		},
	);
	withOutput(
		host.command("token <name>").description("a token with which one machine of this name can join, once, within 15 minutes"),
	)
		.option("--gateway", "it is a gateway, too")
		.action(async (name: string, options: OutputOptions & { gateway?: boolean }) => {
			const roles = options.gateway ? (["gateway", "node"] as const) : (["node"] as const);
			const made = await createClient(homeOf()).host.createJoinToken.mutate({ name, roles: [...roles] });
			if (options.output === "json") return printJson(made);
			tell(made.command);
			process.stdout.write(`${made.token}\n`);
		});
	host
		.command("join")
		.description("on the machine that joins: make its key, get its certificate")
		.requiredOption("--relay <https://address:port>")
		.requiredOption("--name <name>")
		.requiredOption("--address <address>", "where every other host reaches this machine")
		.requiredOption("--token-file <file>", "a file that holds the token; never an argument, others can read those")
		.option("--docker <socket>", "the engine", "unix:///var/run/docker.sock")
		.action(async (options: JoinOptions) => {
			const words = ["--relay", options.relay, "--name", options.name, "--address", options.address, "--docker", options.docker];
			const directory = hostDirectory(homeOf(), options.name);
			const [program = "", ...rest] = ownProgram(
				checkout,
				"agents/main.ts",
				"join",
				"--directory",
				directory,
				...words,
				"--token-file",
				options.tokenFile,
			);
			const [code] = (await once(spawn(program, rest, { cwd: checkout, stdio: "inherit" }), "exit")) as [number | null];
			if (code !== 0) throw new AppError("unavailable", `The host ${options.name} has not joined.`);
		});
	host
		.command("drain <host>")
		.description("place nothing new there, and have what runs there placed elsewhere")
		.action(async (name: string) => {
			const row = await createClient(homeOf()).host.drain.mutate({ host: name });
			const left = row.instances.length;
			tell(`${name} is drained${left === 0 ? "; nothing runs there" : `; what runs there (${left}) is placed elsewhere`}.`);
		});
	host
		.command("undrain <host>")
		.description("let new instances be placed there again")
		.action(async (name: string) => {
			await createClient(homeOf()).host.undrain.mutate({ host: name });
			tell(`New instances may be placed on ${name} again.`);
		});
	host
		.command("remove <host>")
		.description("forget a host that is silent: its certificate is refused from then on")
		.option("--force", "your word that the machine is gone for good, with the instances that it held")
		.action(async (name: string, { force = false }: { force?: boolean }) => {
			await createClient(homeOf()).host.remove.mutate({ host: name, force });
			tell(`${name} is removed.`);
		});
	host
		.command("declare-lost <proxy>")
		.description("your word that a silent proxy is dead: what it blocked goes on")
		.action(async (proxy: string) => {
			const row = await createClient(homeOf()).host.declareLost.mutate({ proxy });
			tell(`${proxy} of host ${row.name} counts as dead until it answers.`);
		});
}
