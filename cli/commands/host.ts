import type { Command } from "commander";
import type { HostRow } from "@/server/views";
import { createClient } from "../client";
import { type ConfirmOptions, confirm, withYes } from "../confirm";
import { homeOf } from "../home";
import { type OutputOptions, print, printDone, printJson, tell, withOutput } from "../output";
import { registerMachine } from "./host-machine";

const columns = {
	HOST: (row: HostRow) => row.name,
	STATE: (row: HostRow) => row.state,
	ADDRESS: (row: HostRow) => row.address,
	ROLES: (row: HostRow) => row.roles.join(","),
	INSTANCES: (row: HostRow) => row.instanceCount,
	REVISION: (row: HostRow) => `${row.reportedRevision} of ${row.desiredRevision}`,
	PROXIES: (row: HostRow) => row.proxies.map((proxy) => `${proxy.id}${proxy.alive ? "" : " (silent)"}`).join(","),
	PROBLEM: (row: HostRow) => row.problem,
};

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
	registerMachine(host);
	withOutput(
		host.command("drain <host>").description("place nothing new there, and have what runs there placed elsewhere"),
	).action(async (name: string, options: OutputOptions) => {
		const row = await createClient(homeOf()).host.drain.mutate({ host: name });
		const left = row.instanceCount;
		const rest = left === 0 ? "; nothing runs there" : `; what runs there (${left}) is placed elsewhere`;
		printDone(options, row, `${name} is drained${rest}.`);
	});
	withOutput(host.command("undrain <host>").description("let new instances be placed there again")).action(
		async (name: string, options: OutputOptions) => {
			const row = await createClient(homeOf()).host.undrain.mutate({ host: name });
			printDone(options, row, `New instances may be placed on ${name} again.`);
		},
	);
	withYes(
		withOutput(
			host.command("remove <host>").description("forget a host that is silent: its certificate is refused from then on"),
		),
	)
		.option("--force", "your word that the machine is gone for good, with the instances that it held")
		.action(async (name: string, options: OutputOptions & ConfirmOptions & { force?: boolean }) => {
			const { force = false } = options;
			await confirm(`Forget the host ${name} for good?`, options);
			printDone(options, await createClient(homeOf()).host.remove.mutate({ host: name, force }), `${name} is removed.`);
		});
	withYes(
		withOutput(
			host.command("declare-lost <proxy>").description("your word that a silent proxy is dead: what it blocked goes on"),
		),
	).action(async (proxy: string, options: OutputOptions & ConfirmOptions) => {
		await confirm(`Is ${proxy} dead for certain? If it is not, requests may be lost.`, options);
		const row = await createClient(homeOf()).host.declareLost.mutate({ proxy });
		printDone(options, row, `${proxy} of host ${row.name} counts as dead until it answers.`);
	});
}
