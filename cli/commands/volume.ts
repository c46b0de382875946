import type { Command } from "commander";
import type { VolumeRow } from "@/server/views";
import { createClient } from "../client";
import { type ConfirmOptions, confirm, withYes } from "../confirm";
import { homeOf } from "../home";
import { type OutputOptions, print, printDone, withOutput } from "../output";

const columns = {
	SERVICE: (row: VolumeRow) => row.service,
	ENVIRONMENT: (row: VolumeRow) => row.environment,
	VOLUME: (row: VolumeRow) => row.name,
	HOST: (row: VolumeRow) => row.host,
	"HELD BY": (row: VolumeRow) => row.heldBy,
	SINCE: (row: VolumeRow) => row.createdAt.toISOString(),
	"OF THE ENGINE": (row: VolumeRow) => row.id,
	REMOVED: (row: VolumeRow) => row.removedBy && `by ${row.removedBy}, not yet gone`,
};

export function register(program: Command): void {
	const volume = program.command("volume").description("data of services: it outlives instances, releases and services");
	withOutput(volume.command("list [service]").description("every volume, where it is and which instance holds it")).action(
		async (service: string | undefined, options: OutputOptions) => {
			const wish = service === undefined ? {} : { service };
			print(options, await createClient(homeOf()).volume.list.query(wish), columns);
		},
	);
	withYes(
		withOutput(
			volume
				.command("remove <service> <name>")
				.description("remove a volume with its data, for good; the service must be stopped"),
		),
	)
		.requiredOption("--env <environment>", "staging or production")
		.action(async (service: string, name: string, options: OutputOptions & ConfirmOptions & { env: string }) => {
			await confirm(`Remove the volume ${name} of ${service} in ${options.env} with all its data, for good?`, options);
			const row = await createClient(homeOf()).volume.remove.mutate({ service, name, environment: options.env });
			printDone(options, row, `The volume ${name} of ${service} in ${options.env} is removed from ${row?.host}.`);
		});
}
