import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import type { Command } from "commander";
import { hasLines } from "@/domain/config/rules";
import { AppError, messageOf } from "@/domain/errors";
import type { ConfigDifference, ConfigEntryRow, ConfigVersionRow } from "@/server/views";
import { type Client, createClient } from "../client";
import { homeOf } from "../home";
import { type OutputOptions, print, printJson, tell, withOutput } from "../output";
import { watchRollout } from "./rollout";

interface Where {
	readonly env: string;
}

interface ChangeOptions extends Where, OutputOptions {
	readonly comment?: string;
	readonly deploy?: boolean;
}

interface SetOptions extends ChangeOptions {
	readonly secret?: boolean;
	readonly fromFile?: string;
}

type Change = Parameters<Client["config"]["set"]["mutate"]>[0]["changes"][number];

const entryColumns = {
	NAME: (row: ConfigEntryRow) => row.name,
	KIND: (row: ConfigEntryRow) => row.kind,
	VALUE: (row: ConfigEntryRow) => shown(row),
};

const versionColumns = {
	VERSION: (row: ConfigVersionRow) => row.version,
	BY: (row: ConfigVersionRow) => row.createdBy,
	AT: (row: ConfigVersionRow) => row.createdAt.toISOString(),
	CHANGED: (row: ConfigVersionRow) => row.changes.map(({ name }) => name).join(" "),
	RELEASES: (row: ConfigVersionRow) => row.releases.join(" "),
	COMMENT: (row: ConfigVersionRow) => row.comment,
};

const differenceColumns = {
	NAME: (row: ConfigDifference) => row.name,
	CHANGE: (row: ConfigDifference) => row.change,
	BEFORE: (row: ConfigDifference) => row.before && shown(row.before),
	AFTER: (row: ConfigDifference) => row.after && shown(row.after),
};

function shown({ value, secret }: ConfigEntryRow): string {
	if (secret) return `set, version ${secret.version}, by ${secret.setBy}, ${secret.setAt.toISOString()}`;
	return value === null ? "(hidden from your role)" : JSON.stringify(value);
}

const withEnvironment = (command: Command) => command.requiredOption("--env <environment>", "staging or production");
const withChange = (command: Command) =>
	withEnvironment(command)
		.option("--comment <sentence>", "why; kept with the version and in the audit")
		.option("--deploy", "roll it out at once and follow it; ends with 1 when it is not promoted");

export function register(program: Command): void {
	const config = program.command("config").description("configuration and secrets of a service in an environment");
	withEnvironment(
		withOutput(config.command("list <service>").description("the newest version; secrets without their values")),
	).action(async (service: string, options: OutputOptions & Where) => {
		const page = await createClient(homeOf()).config.get.query({ service, environment: options.env });
		tell(
			`Version ${page.version}${page.serving ? `; release ${page.serving.release} serves with version ${page.serving.version ?? "none"}` : ""}.`,
		);
		if (options.output === "json") printJson(page);
		else print(options, page.entries, entryColumns);
	});
	withChange(
		withOutput(
			config.command("set <service> <name> [value]").description("set one entry; without a value it is read from stdin"),
		),
	)
		.option("--secret", "encrypt it; its value comes from stdin or a file, never from an argument")
		.option("--from-file <path>", "read the value from a file")
		.action(async (service: string, name: string, value: string | undefined, options: SetOptions) => {
			if (options.secret && value !== undefined) {
				throw new AppError(
					"invalid",
					"A secret's value is never an argument, as everybody on this machine can read those: give it on stdin or with --from-file.",
				);
			}
			const kind = options.secret ? "secret" : "plain";
			const change = { kind, name, value: value ?? (await readValue(options.fromFile)) } as const;
			await save(service, change, options);
		});
	withChange(withOutput(config.command("unset <service> <name>").description("remove one entry"))).action(
		(service: string, name: string, options: ChangeOptions) => save(service, { kind: "remove", name }, options),
	);
	withEnvironment(withOutput(config.command("history <service>").description("every version, newest first"))).action(
		async (service: string, options: OutputOptions & Where) => {
			print(options, await createClient(homeOf()).config.history.query({ service, environment: options.env }), versionColumns);
		},
	);
	withEnvironment(
		withOutput(config.command("diff <service> <from> <to>").description("what differs between two versions")),
	).action(async (service: string, from: string, to: string, options: OutputOptions & Where) => {
		const versions = { from: Number(from), to: Number(to) };
		const rows = await createClient(homeOf()).config.diff.query({ service, environment: options.env, ...versions });
		print(options, rows, differenceColumns);
	});
}

/** A single line loses the line end that `echo` and editors put after it; a file of several lines stays as it is. */
async function readValue(file: string | undefined): Promise<string> {
	const content = file === undefined ? await text(process.stdin) : readFile(file);
	const line = content.replace(/\r?\n$/, "");
	return hasLines(line) ? content : line;
}

function readFile(file: string): string {
	try {
		return readFileSync(file, "utf8");
	} catch (cause) {
		throw new AppError("invalid", `${file} cannot be read (${messageOf(cause)}).`, { cause });
	}
}

async function save(
	service: string,
	change: Change,
	{ env: environment, comment = "", deploy, output }: ChangeOptions,
): Promise<void> {
	const client = createClient(homeOf());
	const page = await client.config.get.query({ service, environment });
	const entry = page.entries.find(({ name }) => name === change.name);
	if (change.kind === "plain" && entry?.kind === "secret") {
		throw new AppError("invalid", `${change.name} is a secret: set it with --secret, or unset it first.`);
	}
	const saved = await client.config.set.mutate({ service, environment, base: page.version, changes: [change], comment });
	if (output === "json") printJson(saved);
	tell(`Version ${saved.version} of the configuration of ${service} in ${environment} is saved.`);
	if (saved.release === null) {
		tell(saved.reason ?? "");
		return;
	}
	if (!deploy) {
		tell(
			`Release ${saved.release} runs with it: \`sluice deploy ${service} --release ${saved.release} --env ${environment}\` rolls it out.`,
		);
		return;
	}
	await watchRollout(client, await client.rollout.deploy.mutate({ service, release: saved.release, environment }));
}
