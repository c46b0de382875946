import { readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Command, Option } from "commander";
import { exportFormats } from "@/domain/audit/export";
import { AppError, messageOf } from "@/domain/errors";
import type { AuditEntry, AuditVerification } from "@/server/views";
import { type Client, createClient, downloadFrom } from "../client";
import { homeOf } from "../home";
import { type OutputOptions, print, printJson, tell, withOutput } from "../output";

const columns = {
	AT: (row: AuditEntry) => row.at.toISOString(),
	WHO: (row: AuditEntry) => row.actor,
	ACTION: (row: AuditEntry) => row.action,
	WHAT: (row: AuditEntry) => row.summary,
};

interface Filter {
	readonly search?: string;
	readonly action?: string;
}

const withFilter = (command: Command) => command.option("--search <words>").option("--action <action>", "such as rollout.deploy");

export function register(program: Command): void {
	const audit = withFilter(withOutput(program.command("audit").description("who did what, newest first; itself recorded")))
		.option("--limit <number>", "at most so many", "50")
		.action(async ({ search, action, limit, ...options }: OutputOptions & Filter & { limit: string }) => {
			const { rows } = await createClient(homeOf()).audit.list.query({ search, action, limit: Number(limit) });
			print(options, rows, columns);
		});
	withOutput(
		audit.command("verify").description("is every row there, as it was recorded; ends with 1 when not. For administrators"),
	)
		.option("--kept <file>", "a copy of audit/checkpoints.jsonl from another machine: its newest line is compared too")
		.action(async ({ kept }: OutputOptions & { kept?: string }, command: Command) => {
			const parts = await verifyAll(createClient(homeOf()), kept === undefined ? undefined : newestLine(kept));
			// The words of `audit` itself come first: --output is found there.
			if (command.optsWithGlobals<OutputOptions>().output === "json") printJson(summaryOf(parts));
			else process.stdout.write(`${sentencesOf(parts).join("\n")}\n`);
			if (parts.at(-1)?.problem) process.exitCode = 1;
		});
	withFilter(audit.command("export").description("all of it, oldest first, to stdout; itself recorded"))
		.addOption(new Option("--format <format>", "for spreadsheets or for programs").choices(exportFormats).default("jsonl"))
		.action(async (_: Filter & { format: string }, command: Command) => {
			const { format, search, action } = command.optsWithGlobals<Filter & { format: string }>();
			const query = new URLSearchParams({ format, ...(search ? { search } : {}), ...(action ? { action } : {}) });
			await pipeline(Readable.from(await downloadFrom(homeOf(), `/api/audit/export?${query}`)), process.stdout);
		});
}

function newestLine(file: string): string {
	try {
		return readFileSync(file, "utf8").trimEnd().split("\n").at(-1) ?? "";
	} catch (cause) {
		throw new AppError("invalid", `${file} cannot be read (${messageOf(cause)}).`, { cause });
	}
}

/** Part by part, so that a long trail shows how far it is. */
async function verifyAll(client: Client, kept: string | undefined): Promise<AuditVerification[]> {
	const parts: AuditVerification[] = [];
	for (let after: string | null | undefined; after !== null; after = parts.at(-1)?.next ?? null) {
		const part = await client.audit.verify.query({ after, kept });
		parts.push(part);
		if (part.next !== null) tell(`Whole up to row ${part.to} of ${part.head} …`);
	}
	return parts;
}

function summaryOf(parts: readonly AuditVerification[]) {
	const last = parts.at(-1);
	return {
		whole: last?.problem === null,
		rows: sum(parts, "rows"),
		from: parts[0]?.from ?? null,
		to: last?.to ?? null,
		fromAt: parts[0]?.fromAt ?? null,
		toAt: parts.findLast(({ toAt }) => toAt !== null)?.toAt ?? null,
		older: sum(parts, "older"),
		checkpoints: sum(parts, "checkpoints"),
		newestCheckpoint: last?.newestCheckpoint ?? null,
		problem: last?.problem ?? null,
	};
}

function sum(parts: readonly AuditVerification[], of: "rows" | "older" | "checkpoints"): number {
	return parts.reduce((total, part) => total + part[of], 0);
}

function sentencesOf(parts: readonly AuditVerification[]): string[] {
	const { rows, from, to, fromAt, toAt, older, checkpoints, newestCheckpoint, problem } = summaryOf(parts);
	const span = fromAt && toAt ? `, from row ${from} (${fromAt.toISOString()}) to row ${to} (${toAt.toISOString()})` : "";
	const whole = `${rows} rows are whole${span}.`;
	const before = older > 0 ? [`${older} rows are older than the chain; its first row vouches for them as they were then.`] : [];
	const against = newestCheckpoint
		? `Compared with the chain's head and ${checkpoints} signed checkpoints outside the database, the newest of row ${newestCheckpoint.entry} at ${newestCheckpoint.at.toISOString()}.`
		: "Compared with the chain's head only: there is no checkpoint outside the database, so rows cut off the end would not show. The worker writes one each minute.";
	return problem ? [problem.sentence, whole, against] : [whole, ...before, against];
}
