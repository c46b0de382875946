import { randomUUID } from "node:crypto";
import type { Command } from "commander";
import { AppError } from "@/domain/errors";
import { hasEnded } from "@/domain/scaffold/model";
import { readValues } from "@/domain/template/values";
import type { ScaffoldPage, TemplateRow } from "@/server/views";
import { type Client, createClient } from "../client";
import { homeOf } from "../home";
import { type OutputOptions, print, printDone, printJson, tell, withOutput } from "../output";
import { watch } from "../wait";

interface CreateOptions {
	readonly name: string;
	readonly set: readonly string[];
	readonly dryRun?: boolean;
	readonly watch?: boolean;
	readonly requestId: string;
}

const columns = {
	TEMPLATE: (row: TemplateRow) => row.name,
	TITLE: (row: TemplateRow) => row.title,
	FIELDS: (row: TemplateRow) => row.fields.map((field) => `${field.key}${field.isRequired ? "*" : ""}`).join(","),
};

const stepColumns = {
	STEP: (step: ScaffoldPage["steps"][number]) => step.name,
	STATE: (step: ScaffoldPage["steps"][number]) => step.state,
	SAYS: (step: ScaffoldPage["steps"][number]) => step.message,
};

export function register(program: Command): void {
	const template = program.command("template").description("what services can be made of");
	withOutput(template.command("list").description("all of them; a * marks what must be given")).action(
		async (options: OutputOptions) => {
			print(options, await createClient(homeOf()).template.list.query(), columns);
		},
	);
	const more = (value: string, before: readonly string[]): readonly string[] => [...before, value];
	withOutput(program.command("create <template>").description("a service from a template, up to staging"))
		.requiredOption("--name <name>", "of the service and its repository")
		.option("--set <key=value>", "a field of the template's form; may be given again", more, [])
		.option("--dry-run", "say what would be made, and make nothing")
		.option("--watch", "until it serves in staging; ends with 1 when it does not")
		.option("--request-id <id>", "the same id is the same run, so a repeated call makes nothing twice", randomUUID())
		.action(async (name: string, options: OutputOptions & CreateOptions) => {
			const client = createClient(homeOf());
			const values = await valuesOf(client, name, options);
			if (options.dryRun) return preview(client, name, values, options);
			const started = await client.scaffold.start.mutate({ template: name, values, requestId: options.requestId });
			const page = options.watch ? await watchCreation(client, started.name) : started;
			if (options.output === "json") printJson(page);
			else if (!options.watch)
				tell(`${page.name} is being created: \`sluice create\` with --watch, or /create/${page.name}, shows how far it is.`);
		});
	withOutput(
		program.command("cancel-create <name>").description("take away what a creation has made, before its first deploy"),
	).action(async (name: string, options: OutputOptions) => {
		const page = await createClient(homeOf()).scaffold.cancel.mutate({ name });
		printDone(options, page, `The creation of ${name} is being cancelled.`);
	});
	withOutput(program.command("create-status <name>").description("how far a creation is")).action(
		async (name: string, options: OutputOptions) => {
			const page = await createClient(homeOf()).scaffold.get.query({ name });
			if (options.output === "json") printJson(page);
			else print(options, page.steps, stepColumns);
		},
	);
}

async function valuesOf(client: Client, template: string, options: CreateOptions): Promise<Record<string, string | number>> {
	const found = (await client.template.list.query()).find(({ name }) => name === template);
	if (!found) throw new AppError("not-found", `There is no template "${template}": \`sluice template list\` shows all.`);
	const typed = options.set.map((pair) => {
		const at = pair.indexOf("=");
		if (at < 1) throw new AppError("invalid", `"${pair}" is not key=value.`);
		return [pair.slice(0, at), pair.slice(at + 1)] as const;
	});
	const values = readValues(found.fields, { ...Object.fromEntries(typed), name: options.name });
	const needsOwner = values.owner === undefined && found.fields.some(({ key }) => key === "owner");
	return needsOwner ? { ...values, owner: (await client.session.me.query()).name } : { ...values };
}

async function preview(
	client: Client,
	template: string,
	values: Record<string, string | number>,
	options: OutputOptions,
): Promise<void> {
	const page = await client.template.preview.query({ template, values });
	if (options.output === "json") return printJson(page);
	for (const { path } of page.files) process.stdout.write(`${path}\n`);
	process.stdout.write(`\n${page.manifest}`);
	const { repository, service, branch, environment, url } = page.makes;
	tell(`Would make the repository ${repository} with these ${page.files.length} files on ${branch}, the service ${service},`);
	tell(`its first pipeline, and a rollout to ${environment}${url === null ? "" : ` at ${url}`}.`);
	if (page.taken !== null) throw new AppError("conflict", `There is a ${page.taken} ${service} already: choose another name.`);
}

/** Tells each step as it changes. Sets exit code 1 when the service does not serve at the end. */
async function watchCreation(client: Client, name: string): Promise<ScaffoldPage> {
	const told = new Set<string>();
	const page = await watch(
		() => client.scaffold.get.query({ name }),
		({ steps }) => {
			for (const { name: step, state, message } of steps) {
				const line = `${step}: ${state}${message === null ? "" : `, ${message}`}`;
				if (state !== "pending" && !told.has(line)) tell(line);
				told.add(line);
			}
		},
		({ state }) => hasEnded(state) || state === "waiting",
	);
	tell(page.reason ?? `${page.name} serves${page.url === null ? "" : ` at ${page.url}`}.`);
	if (page.state === "done" && page.url === null && page.curl !== null) tell(page.curl);
	if (page.state !== "done") process.exitCode = 1;
	return page;
}
