import type { Command } from "commander";
import type { ApprovalRow } from "@/server/views";
import { createClient } from "../client";
import { homeOf } from "../home";
import { type OutputOptions, print, withOutput } from "../output";

const columns = {
	SERVICE: (row: ApprovalRow) => row.service,
	ENVIRONMENT: (row: ApprovalRow) => row.environment,
	NUMBER: (row: ApprovalRow) => row.number,
	RELEASE: (row: ApprovalRow) => `${row.from ?? "-"} -> ${row.to}`,
	APPROVED: (row: ApprovalRow) => `${row.approvedBy.length} of ${row.needed} (${row.role})`,
	EXPIRES: (row: ApprovalRow) => row.expiresAt.toISOString(),
	"YOU CANNOT": (row: ApprovalRow) => row.refusal,
};

export function register(program: Command): void {
	const approval = program.command("approval").description("rollouts that wait for somebody's word");
	withOutput(approval.command("list").description("all of them, oldest first")).action(async (options: OutputOptions) => {
		print(options, await createClient(homeOf()).rollout.inbox.query({ limit: 200 }), columns);
	});
}
