import type { Command } from "commander";
import type { GatewayPage } from "@/server/views";
import { createClient } from "../client";
import { homeOf } from "../home";
import { type OutputOptions, print, printJson, withOutput } from "../output";

type Route = GatewayPage["routes"][number];

const columns = {
	SERVICE: (row: Route) => row.service,
	ENVIRONMENT: (row: Route) => row.environment,
	HOSTS: (row: Route) => row.hosts.join(","),
	RELEASES: (row: Route) => row.releases.map(({ release, weight }) => `${release} at ${weight} %`).join(", "),
	ENDPOINTS: (row: Route) => row.releases.reduce((sum, { endpoints }) => sum + endpoints.length, 0),
	REVISION: (row: Route) => row.revision,
	"NOT YET": (row: Route) =>
		row.proxies
			.filter(({ word }) => word !== "acknowledged")
			.map(({ id, word }) => `${id} (${word})`)
			.join(", "),
};

export function register(program: Command): void {
	const gateway = program.command("gateway").description("where requests go");
	withOutput(
		gateway.command("routes [service]").description("what is published, and which proxies have not acknowledged it"),
	).action(async (service: string | undefined, options: OutputOptions) => {
		const page = await createClient(homeOf()).gateway.routes.query(service === undefined ? {} : { search: service });
		if (options.output === "json") printJson(page);
		else print(options, page.routes, columns);
	});
}
