import type { Command } from "commander";
import type { ConfigEntryRow, ReleaseComparison, ReleaseRow } from "@/server/views";
import { createClient } from "../client";
import { homeOf } from "../home";
import { type OutputOptions, print, printJson, withOutput } from "../output";
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
	withOutput(
		release
			.command("compare <service> <from> <to>")
			.description("what differs between two releases: commits, manifest, configuration, packages"),
	).action(async (service: string, from: string, to: string, options: OutputOptions) => {
		const found = await createClient(homeOf()).release.compare.query({ service, from: Number(from), to: Number(to) });
		if (options.output === "json") printJson(found);
		else print(options, linesOf(found), differenceColumns);
	});
}

interface Line {
	readonly what: string;
	readonly name: string;
	readonly from: string | null;
	readonly to: string | null;
}

const differenceColumns = {
	WHAT: (row: Line) => row.what,
	NAME: (row: Line) => row.name,
	FROM: (row: Line) => row.from,
	TO: (row: Line) => row.to,
};

/** One line a difference. Of a secret only which value it is. */
function linesOf({ added, removed, manifest, config, build, from, to }: ReleaseComparison): Line[] {
	const commit = (what: string, side: ReleaseComparison["added"]) =>
		(side?.commits ?? []).map(({ commit: id, message }) => ({ what, name: id.slice(0, 8), from: null, to: message }));
	return [
		...(from.digest === to.digest ? [] : [{ what: "image", name: to.repository, from: from.digest, to: to.digest }]),
		...commit("commit added", added),
		...commit("commit removed", removed),
		...manifest.map(({ path, ...sides }) => ({ what: "manifest", name: path, ...sides })),
		...config.flatMap(({ environment, changes }) =>
			changes.map(({ name, before, after }) => ({
				...{ what: `configuration of ${environment}`, name },
				...{ from: before && entryText(before), to: after && entryText(after) },
			})),
		),
		...(build?.packages ?? []).map((one) => ({
			...{ what: `${one.kind} package`, name: one.name },
			...{ from: one.from.join(", "), to: one.to.join(", ") },
		})),
	];
}

function entryText({ kind, value, secret }: ConfigEntryRow): string {
	return kind === "secret" ? `secret, version ${secret?.version ?? "?"}` : (value ?? "(not shown to you)");
}
