import type { Command } from "commander";
import type { ReleaseRow } from "@/server/views";
import { createClient } from "../client";
import { homeOf } from "../home";
import { type OutputOptions, print, withOutput } from "../output";
import { allPages } from "../pages";

const columns = {
	NUMBER: (row: ReleaseRow) => row.number,
	DIGEST: (row: ReleaseRow) => row.digest.slice(0, 19),
	COMMIT: (row: ReleaseRow) => row.commit?.slice(0, 7) ?? null,
	CONFIG: (row: ReleaseRow) =>
		Object.entries(row.config)
			.map(([environment, version]) => `${environment} ${version}`)
			.join(", "),
	BY: (row: ReleaseRow) => row.createdBy,
	AT: (row: ReleaseRow) => row.createdAt.toISOString(),
};

export function register(program: Command): void {
	const release = program.command("release").description("what can be rolled out");
	withOutput(release.command("list <service>").description("the releases of a service, newest first")).action(
		async (service: string, options: OutputOptions) => {
			const client = createClient(homeOf());
			const rows = await allPages<ReleaseRow, number>(
				({ after: before, limit }) => client.release.list.query({ service, before, limit }),
				({ number }) => number,
			);
			print(options, rows, columns);
		},
	);
}
