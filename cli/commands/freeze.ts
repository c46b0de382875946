import type { Command } from "commander";
import { wallText } from "@/domain/freeze/wall-clock";
import type { FreezeRow } from "@/server/views";
import { createClient } from "../client";
import { homeOf } from "../home";
import { type OutputOptions, print, printDone, withOutput } from "../output";

const columns = {
	ID: (row: FreezeRow) => row.id,
	ENVIRONMENT: (row: FreezeRow) => row.environment,
	SERVICE: (row: FreezeRow) => row.service ?? "all",
	STATE: (row: FreezeRow) => row.state,
	FROM: (row: FreezeRow) => row.window && wallText(row.zone, row.window.from.getTime()),
	UNTIL: (row: FreezeRow) => row.window && wallText(row.zone, row.window.until.getTime()),
	WEEKLY: (row: FreezeRow) => row.weekly,
	ZONE: (row: FreezeRow) => row.zone,
	REASON: (row: FreezeRow) => row.reason,
	BY: (row: FreezeRow) => row.createdBy,
};

interface CreateOptions extends OutputOptions {
	readonly service?: string;
	readonly from?: string;
	readonly until?: string;
	readonly weekly?: string;
	readonly zone: string;
	readonly reason: string;
}

export function register(program: Command): void {
	const freeze = program.command("freeze").description("times in which no new release enters an environment");
	withOutput(freeze.command("list").description("what holds now or comes, then what is over"))
		.option("--env <environment>")
		.option("--service <service>", "what holds for it")
		.action(async ({ env, service, ...options }: OutputOptions & { env?: string; service?: string }) => {
			const filter = { ...(env === undefined ? {} : { environment: env }), ...(service === undefined ? {} : { service }) };
			print(options, await createClient(homeOf()).freeze.list.query(filter), columns);
		});
	withOutput(
		freeze.command("create <environment>").description("keep new releases out; rolling back and trying again stay allowed"),
	)
		.option("--service <service>", "this one only; left out: all")
		.option("--from <time>", "2026-12-24T18:00, by the zone's clock; left out: from now on")
		.option("--until <time>", "when it is free again")
		.option("--weekly <span>", 'every week instead: "fri 18:00 - mon 08:00"')
		.option("--zone <zone>", "Europe/Berlin, Asia/Shanghai, UTC", Intl.DateTimeFormat().resolvedOptions().timeZone)
		.requiredOption("--reason <reason>", "what who is kept out reads")
		.action(async (environment: string, { output, ...wish }: CreateOptions) => {
			const row = await createClient(homeOf()).freeze.create.mutate({ environment, ...wish });
			const what = row.service === null ? row.environment : `${row.service} in ${row.environment}`;
			const from = row.window ? `, first from ${wallText(row.zone, row.window.from.getTime())} (${row.zone})` : "";
			printDone({ output }, row, `The freeze ${row.id} of ${what} is made${from}.`);
		});
	withOutput(freeze.command("end <id>").description("let releases in again, from now on"))
		.option("--reason <reason>", "kept in the audit", "")
		.action(async (id: string, { reason, ...options }: OutputOptions & { reason: string }) => {
			const row = await createClient(homeOf()).freeze.end.mutate({ id, reason });
			printDone(options, row, `The freeze ${row.id} of ${row.environment} is ended.`);
		});
}
