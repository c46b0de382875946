import type { Command } from "commander";
import { AppError } from "@/domain/errors";
import { endedStates, type RolloutState } from "@/domain/rollout/model";
import type { RolloutPage, RolloutRow } from "@/server/views";
import { type Client, createClient } from "../client";
import { homeOf } from "../home";
import { type OutputOptions, print, printJson, tell, withOutput } from "../output";
import { watch } from "../wait";

interface Name {
	readonly service: string;
	readonly environment: string;
	readonly number: number;
}

/** Follows a rollout to its end, telling its events on stderr. Sets exit code 1 when it was not promoted. */
export async function watchRollout(client: Client, name: Name): Promise<RolloutPage> {
	let told = 0;
	const page = await watch(
		() => client.rollout.get.query(name),
		({ events }) => {
			for (const event of [...events].reverse().filter(({ sequence }) => sequence > told)) {
				told = event.sequence;
				tell(`${event.at.toISOString().slice(11, 19)}  ${event.message}`);
			}
		},
		({ state }) => endedStates.includes(state),
	);
	tell(sentenceOf(page));
	if (page.state !== "promoted") process.exitCode = 1;
	return page;
}

export function sentenceOf(row: RolloutRow): string {
	const what = `rollout ${row.number} of ${row.service} in ${row.environment}`;
	return `${row.state}: ${what}${row.reason ? `: ${row.reason}` : ""}`;
}

const columns = {
	SERVICE: (row: RolloutRow) => row.service,
	ENVIRONMENT: (row: RolloutRow) => row.environment,
	NUMBER: (row: RolloutRow) => row.number,
	STATE: (row: RolloutRow) => row.state,
	RELEASE: (row: RolloutRow) => `${row.from ?? "-"} -> ${row.to}`,
	WEIGHT: (row: RolloutRow) => `${row.weight} %`,
	BY: (row: RolloutRow) => row.startedBy,
	REASON: (row: RolloutRow) => row.reason,
};

export function register(program: Command): void {
	const rollout = program.command("rollout").description("rollouts: what moves, and what moved");
	withOutput(rollout.command("list").description("the newest rollouts"))
		.option("--service <name>")
		.option("--env <name>")
		.option("--limit <number>", "at most so many", "50")
		.action(async (options: OutputOptions & { service?: string; env?: string; limit: string }) => {
			const { service, env: environment, limit } = options;
			const rows = await createClient(homeOf()).rollout.list.query({ service, environment, limit: Number(limit) });
			print(options, rows, columns);
		});
	withOutput(rollout.command("status <service> <environment> [number]").description("one rollout; without a number the newest"))
		.option("--watch", "follow it to its end; ends with 1 when it is not promoted")
		.action(
			async (service: string, environment: string, number: string | undefined, options: OutputOptions & { watch?: boolean }) => {
				const client = createClient(homeOf());
				const name = {
					service,
					environment,
					number: number === undefined ? await newestRollout(client, service, environment) : Number(number),
				};
				const page = options.watch ? await watchRollout(client, name) : await client.rollout.get.query(name);
				if (options.output === "json") printJson(page);
				else print(options, [page], columns);
			},
		);
}

/** The number of the newest rollout here in one of these states, else of the newest at all. Throws `not-found`. */
export async function newestRollout(
	client: Client,
	service: string,
	environment: string,
	states: readonly RolloutState[] = [],
): Promise<number> {
	const rows = await client.rollout.list.query({ service, environment });
	const row = rows.find(({ state }) => states.includes(state)) ?? rows[0];
	if (!row) throw new AppError("not-found", `${service} was never deployed to ${environment}.`);
	return row.number;
}
