import type { Command } from "commander";
import { AppError } from "@/domain/errors";
import { eventTypes, isEventType } from "@/domain/webhook/event";
import type { WebhookDeliveryPage, WebhookDeliveryRow, WebhookRow } from "@/server/views";
import { type Client, createClient } from "../client";
import { type ConfirmOptions, confirm, withYes } from "../confirm";
import { homeOf } from "../home";
import { type OutputOptions, print, printDone, printJson, tell, withOutput } from "../output";

const columns = {
	ID: (row: WebhookRow) => row.id,
	NAME: (row: WebhookRow) => row.name,
	STATE: (row: WebhookRow) => row.standing,
	ADDRESS: (row: WebhookRow) => row.address,
	EVENTS: (row: WebhookRow) => row.types.join(",") || "all",
	SERVICES: (row: WebhookRow) => row.services.join(",") || "all",
	LAST: (row: WebhookRow) => row.last && `${row.last.state} ${row.last.at.toISOString()}`,
};

const deliveryColumns = {
	ID: (row: WebhookDeliveryRow) => row.id,
	AT: (row: WebhookDeliveryRow) => row.createdAt.toISOString(),
	OF: (row: WebhookDeliveryRow) => row.to,
	TYPE: (row: WebhookDeliveryRow) => row.type,
	STATE: (row: WebhookDeliveryRow) => row.state,
	TRIES: (row: WebhookDeliveryRow) => row.tries,
	STATUS: (row: WebhookDeliveryRow) => row.lastStatus,
	NEXT: (row: WebhookDeliveryRow) => row.nextAt?.toISOString() ?? null,
	REASON: (row: WebhookDeliveryRow) => row.reason,
};

const more = (text: string, before: readonly string[] = []): readonly string[] => [...before, ...text.split(",")];

interface CreateOptions extends OutputOptions {
	readonly type?: readonly string[];
	readonly service?: readonly string[];
}

export function register(program: Command): void {
	const webhook = program.command("webhook").description("who is told of events over HTTP (docs/webhooks.md)");
	withOutput(webhook.command("list").description("all of them, and how it goes")).action(async (options: OutputOptions) => {
		print(options, await createClient(homeOf()).webhook.list.query(), columns);
	});
	withOutput(webhook.command("create <name> <address>").description("a new one; its secret is printed only now"))
		.option("--type <event>", "only these events; may be given again; default: all", more)
		.option("--service <name>", "only of these services; may be given again; default: all", more)
		.action(async (name: string, address: string, options: CreateOptions) => {
			const wish = { name, address, types: typesOf(options.type), services: [...(options.service ?? [])] };
			const made = await createClient(homeOf()).webhook.create.mutate(wish);
			if (options.output === "json") return printJson(made);
			tell(`The webhook ${name} is made. Its secret is printed only now:`);
			process.stdout.write(`${made.secret}\n`);
		});
	withOutput(webhook.command("rotate <webhook>").description("a new secret; for a day everything is signed with both")).action(
		async (name: string, options: OutputOptions) => {
			const client = createClient(homeOf());
			const made = await client.webhook.rotate.mutate({ id: await idOf(client, name) });
			if (options.output === "json") return printJson(made);
			tell(`The secret before is good until ${made.previousValidUntil.toISOString()}. The new one is printed only now:`);
			process.stdout.write(`${made.secret}\n`);
		},
	);
	withOutput(webhook.command("test <webhook>").description("send it an event that says only that it arrives")).action(
		async (name: string, options: OutputOptions) => {
			const client = createClient(homeOf());
			const sent = await client.webhook.test.mutate({ id: await idOf(client, name) });
			printDone(options, sent, `The test event is on its way: \`sluice webhook delivery ${sent.id}\` shows how it goes.`);
		},
	);
	withOutput(webhook.command("disable <webhook>").description("tell it nothing any more")).action(
		async (name: string, options: OutputOptions) => {
			const client = createClient(homeOf());
			printDone(options, await client.webhook.disable.mutate({ id: await idOf(client, name) }), `${name} is told nothing.`);
		},
	);
	withOutput(webhook.command("enable <webhook>").description("tell it of events again")).action(
		async (name: string, options: OutputOptions) => {
			const client = createClient(homeOf());
			printDone(options, await client.webhook.enable.mutate({ id: await idOf(client, name) }), `${name} is told again.`);
		},
	);
	withYes(withOutput(webhook.command("remove <webhook>").description("forget it, with its delivery log"))).action(
		async (name: string, options: OutputOptions & ConfirmOptions) => {
			await confirm(`Forget the webhook ${name} with its delivery log?`, options);
			const client = createClient(homeOf());
			printDone(options, await client.webhook.remove.mutate({ id: await idOf(client, name) }), `${name} is removed.`);
		},
	);
	registerDeliveries(webhook);
}

function registerDeliveries(webhook: Command): void {
	withOutput(
		webhook.command("deliveries [webhook]").description("what was sent and received, newest first; of one webhook, or all"),
	)
		.option("--hook <id>", "what this inbound hook received")
		.option("--limit <number>", "at most so many", "50")
		.action(async (name: string | undefined, options: OutputOptions & { hook?: string; limit: string }) => {
			const client = createClient(homeOf());
			const of = { webhook: name === undefined ? null : await idOf(client, name), hook: options.hook ?? null };
			const { rows } = await client.webhook.deliveries.query({ ...of, limit: Number(options.limit) });
			print(options, rows, deliveryColumns);
		});
	withOutput(webhook.command("delivery <delivery>").description("one delivery: each try, and what was sent")).action(
		async (delivery: string, options: OutputOptions) => {
			const found = await createClient(homeOf()).webhook.delivery.query({ delivery });
			if (options.output === "json") return printJson(found);
			printDelivery(found);
		},
	);
	withOutput(webhook.command("redeliver <delivery>").description("the same once more, under the same id")).action(
		async (delivery: string, options: OutputOptions) => {
			printDone(options, await createClient(homeOf()).webhook.redeliver.mutate({ delivery }), `${delivery} is tried again.`);
		},
	);
}

function printDelivery(found: WebhookDeliveryPage): void {
	print({ output: "table" }, [found], deliveryColumns);
	process.stdout.write("\n");
	print({ output: "table" }, found.attempts, {
		TRY: (attempt) => attempt.number,
		AT: (attempt) => attempt.at.toISOString(),
		MS: (attempt) => attempt.durationMs,
		STATUS: (attempt) => attempt.status,
		SAID: (attempt) => attempt.problem ?? attempt.answer.replaceAll(/\s+/g, " ").slice(0, 100),
	});
	if (found.body !== null) process.stdout.write(`\n${found.body}\n`);
}

function typesOf(words: readonly string[] = []) {
	return words.map((word) => {
		if (isEventType(word)) return word;
		throw new AppError("invalid", `"${word}" is no event: it is one of ${eventTypes.join(", ")}.`);
	});
}

/** A name, or an id. */
async function idOf(client: Client, name: string): Promise<string> {
	const found = (await client.webhook.list.query()).find((row) => row.name === name || row.id === name);
	if (found) return found.id;
	throw new AppError("not-found", `There is no webhook ${name}: \`sluice webhook list\` shows all.`);
}
