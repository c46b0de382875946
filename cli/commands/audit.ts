import type { Command } from "commander";
import type { AuditEntry } from "@/server/views";
import { createClient } from "../client";
import { homeOf } from "../home";
import { type OutputOptions, print, withOutput } from "../output";

const columns = {
	AT: (row: AuditEntry) => row.at.toISOString(),
	WHO: (row: AuditEntry) => row.actor,
	ACTION: (row: AuditEntry) => row.action,
	WHAT: (row: AuditEntry) => row.summary,
};

export function register(program: Command): void {
	withOutput(program.command("audit").description("who did what, newest first"))
		.option("--search <words>")
		.option("--limit <number>", "at most so many", "50")
		.action(async (options: OutputOptions & { search?: string; limit: string }) => {
			const { rows } = await createClient(homeOf()).audit.list.query({ search: options.search, limit: Number(options.limit) });
			print(options, rows, columns);
		});
}
