import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { AppError } from "@/domain/errors";
import { type HookKind, hookKinds } from "@/domain/webhook/inbound";
import type { InboundHookRow } from "@/server/views";
import { createClient } from "../client";
import { type ConfirmOptions, confirm, withYes } from "../confirm";
import { homeOf } from "../home";
import { type OutputOptions, print, printDone, printJson, tell, withOutput } from "../output";

const columns = {
	ID: (row: InboundHookRow) => row.id,
	REPOSITORY: (row: InboundHookRow) => row.repository,
	KIND: (row: InboundHookRow) => row.kind,
	FROM: (row: InboundHookRow) => row.from,
	ADDRESS: (row: InboundHookRow) => row.address,
	LAST: (row: InboundHookRow) => row.last && `${row.last.state} ${row.last.at.toISOString()}`,
};

interface CreateOptions extends OutputOptions {
	readonly user?: string;
	readonly passwordFile?: string;
}

export function register(program: Command): void {
	const hook = program.command("hook").description("doors for pushes to repositories elsewhere (docs/webhooks.md)");
	withOutput(hook.command("list").description("all of them")).action(async (options: OutputOptions) => {
		print(options, (await createClient(homeOf()).hook.list.query()).hooks, columns);
	});
	withOutput(
		hook
			.command("create <repository> <kind>")
			.description(
				`take over pushes to where it was imported from; kind: ${hookKinds.join(", ")}; its secret is printed only now`,
			),
	)
		.option("--user <name>", "of a private repository; any word for most tokens")
		.option("--password-file <file>", "file with its password or token; - reads it from stdin")
		.action(async (repository: string, kind: string, options: CreateOptions) => {
			const credentials = credentialsOf(options);
			const made = await createClient(homeOf()).hook.create.mutate({ repository, kind: kindOf(kind), credentials });
			if (options.output === "json") return printJson(made);
			tell(`Have it send its pushes, as application/json, to ${made.address}. The secret is printed only now:`);
			process.stdout.write(`${made.secret}\n`);
		});
	withYes(withOutput(hook.command("remove <id>").description("its next message is refused"))).action(
		async (id: string, options: OutputOptions & ConfirmOptions) => {
			await confirm(`Forget the inbound hook ${id} with what it received?`, options);
			printDone(options, await createClient(homeOf()).hook.remove.mutate({ id }), "The inbound hook is removed.");
		},
	);
}

function kindOf(text: string): HookKind {
	const kind = hookKinds.find((one) => one === text);
	if (kind) return kind;
	throw new AppError("invalid", `"${text}" is no kind of hook: it is one of ${hookKinds.join(", ")}.`);
}

function credentialsOf({ user, passwordFile }: CreateOptions) {
	if (user === undefined && passwordFile === undefined) return null;
	if (user === undefined || passwordFile === undefined)
		throw new AppError("invalid", "Give --user and --password-file together, or neither.");
	return { username: user, password: readFileSync(passwordFile === "-" ? 0 : passwordFile, "utf8").trim() };
}
