import type { Command } from "commander";
import type { PlatformComponent } from "@/server/views";
import { createClient } from "../client";
import { homeOf } from "../home";
import { type OutputOptions, print, withOutput } from "../output";

const columns = {
	COMPONENT: (row: PlatformComponent) => row.name,
	STATE: (row: PlatformComponent) => row.state,
	RESTARTS: (row: PlatformComponent) => row.restarts,
	SINCE: (row: PlatformComponent) => row.since?.toISOString() ?? null,
	DETAIL: (row: PlatformComponent) => row.detail,
};

export function register(program: Command): void {
	withOutput(
		program.command("platform").description("the platform's parts as the portal sees them; `sluice status` asks this machine"),
	).action(async (options: OutputOptions) => {
		print(options, await createClient(homeOf()).platform.status.query(), columns);
	});
}
