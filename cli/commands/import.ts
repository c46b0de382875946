import { readFileSync } from "node:fs";
import { type Command, Option } from "commander";
import { AppError } from "@/domain/errors";
import { placeText } from "@/domain/import/model";
import type { ImportPage } from "@/server/views";
import { type Client, createClient } from "../client";
import { homeOf } from "../home";
import { type OutputOptions, printDone, printJson, tell, withOutput } from "../output";

interface ImportOptions {
	readonly name?: string;
	readonly set: readonly string[];
	readonly manifest?: string;
	readonly accept?: boolean;
	readonly dryRun?: boolean;
	readonly user: string;
	readonly passwordFile?: string;
}

/** `sluice import`: what a repository says becomes its sluice.yaml; data on stdout, questions and notes on stderr. */
export function register(program: Command): void {
	const more = (value: string, before: readonly string[]): readonly string[] => [...before, value];
	withOutput(
		program
			.command("import <repository|address>")
			.description("a sluice.yaml for a repository that has a Dockerfile, here or elsewhere"),
	)
		.option("--name <name>", "of the repository made here; else as the address ends")
		.option(
			"--set <key=value>",
			"an answer: owner, name, description, port, healthPath, dockerfile, workload, strategy, baseImages, protocol.<port>; may be given again",
			more,
			[],
		)
		.option("--manifest <file>", "commit this text instead of the proposal; - reads it from stdin")
		.option("--accept", "commit the proposal with its questions open")
		.option("--dry-run", "say what would be proposed, or what is wrong with --manifest, and make nothing")
		.addOption(new Option("--user <name>", "for a private repository").default("token"))
		.option("--password-file <file>", "holds the password or token of a private repository; - reads it from stdin")
		.action(async (source: string, options: OutputOptions & ImportOptions) => {
			const client = createClient(homeOf());
			const answers = answersOf(options.set);
			// A repository's name is a slug; whatever else it is, the server says what is wrong with it.
			const isHere = /^[a-z0-9-]+$/.test(source) && !source.startsWith("-");
			const remote = { address: source, name: options.name ?? null, credentials: credentialsOf(options) };
			if (options.dryRun && options.manifest !== undefined) return check(client, options.manifest, options);
			if (options.dryRun) {
				const page = isHere
					? await client.import.propose.query({ repository: source, answers })
					: await client.import.look.mutate({ ...remote, answers });
				return show(page, options);
			}
			const repository = isHere ? source : await fetchRemote(client, remote, options);
			if (repository === null) return;
			await propose(client, repository, answers, options);
		});
}

/** null = it has a sluice.yaml, and its pipeline runs. */
async function fetchRemote(
	client: Client,
	remote: Parameters<Client["import"]["fetch"]["mutate"]>[0],
	{ output }: OutputOptions,
): Promise<string | null> {
	const { name, cloneUrl, lastPipeline } = await client.import.fetch.mutate(remote);
	tell(`${remote.address} is here as ${name}: ${cloneUrl}`);
	if (lastPipeline === null) return name;
	tell(`It has a sluice.yaml: pipeline ${lastPipeline.number} of ${name} has begun.`);
	if (output === "json") printJson({ repository: name, number: lastPipeline.number });
	return null;
}

async function propose(
	client: Client,
	repository: string,
	answers: Record<string, string>,
	options: OutputOptions & ImportOptions,
): Promise<void> {
	const page = await client.import.propose.query({ repository, answers });
	if (page.hasManifest) throw new AppError("conflict", `${repository} has a sluice.yaml already: change it and push.`);
	const manifest = options.manifest === undefined ? page.proposal.manifest : textOf(options.manifest);
	const open = page.proposal.questions.filter(({ isOpen }) => isOpen);
	if (options.manifest === undefined && open.length > 0 && !options.accept) {
		show(page, options);
		const keys = open.map(({ key }) => `--set ${key}=…`).join(" ");
		throw new AppError(
			"invalid",
			`Nothing was committed: answer with \`sluice import ${repository} ${keys}\`, or take what is proposed with --accept.`,
		);
	}
	const made = await client.import.commit.mutate({ repository, base: page.commit, manifest });
	if (options.output === "json") printJson(made);
	tell(
		`sluice.yaml is on ${page.branch} of ${repository}; pipeline ${made.number} has begun: \`sluice pipeline logs ${repository} ${made.number} --follow\`.`,
	);
}

/** Throws `invalid` with the problems, as the commit would. */
async function check(client: Client, file: string, options: OutputOptions): Promise<void> {
	const checked = await client.import.check.mutate({ manifest: textOf(file) });
	if (checked.service === null) {
		const lines = checked.problems.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`);
		throw new AppError("invalid", `${file} is no manifest yet:\n${lines.join("\n")}`, {
			details: { problems: checked.problems },
		});
	}
	printDone(options, checked, `${file} is right: it is the manifest of ${checked.service}.`);
}

function show(page: ImportPage, { output }: OutputOptions): void {
	if (output === "json") {
		printJson(page);
		return;
	}
	const { manifest, values, questions, bases, notes } = page.proposal;
	process.stdout.write(manifest);
	for (const { key, value, from } of values) tell(`${key} = ${value}${from === null ? "" : `, from ${placeText(from)}`}`);
	for (const { sentence } of bases) tell(sentence);
	for (const note of notes) tell(note);
	for (const { key, sentence, proposed, isOpen } of questions) {
		if (isOpen) tell(`? ${key}${proposed === "" ? "" : ` [${proposed}]`}: ${sentence}`);
	}
	if (page.refusal !== null) tell(page.refusal);
}

function answersOf(set: readonly string[]): Record<string, string> {
	return Object.fromEntries(
		set.map((pair) => {
			const at = pair.indexOf("=");
			if (at < 1) throw new AppError("invalid", `"${pair}" is not key=value.`);
			return [pair.slice(0, at), pair.slice(at + 1)];
		}),
	);
}

/** Never an argument: arguments are seen by everybody on the machine. */
function credentialsOf({ user, passwordFile }: ImportOptions): { username: string; password: string } | null {
	return passwordFile === undefined ? null : { username: user, password: textOf(passwordFile).replace(/\r?\n$/, "") };
}

function textOf(file: string): string {
	try {
		return readFileSync(file === "-" ? 0 : file, "utf8");
	} catch (cause) {
		throw new AppError("invalid", `${file} cannot be read.`, { cause });
	}
}
