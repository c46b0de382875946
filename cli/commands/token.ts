import type { Command } from "commander";
import { AppError } from "@/domain/errors";
import { isRole, roles } from "@/domain/roles";
import type { TokenRow } from "@/server/views";
import { createClient } from "../client";
import { homeOf } from "../home";
import { type OutputOptions, print, printJson, tell, withOutput } from "../output";

const columns = {
	ID: (row: TokenRow) => row.id,
	NAME: (row: TokenRow) => row.name,
	STARTS: (row: TokenRow) => `${row.start}…`,
	ROLE: (row: TokenRow) => row.role ?? "its user's",
	USED: (row: TokenRow) => row.usedAt?.toISOString() ?? null,
	EXPIRES: (row: TokenRow) => row.expiresAt?.toISOString() ?? null,
};

export function register(program: Command): void {
	const token = program.command("token").description("your own API tokens");
	withOutput(token.command("list").description("all of yours")).action(async (options: OutputOptions) => {
		print(options, await createClient(homeOf()).token.list.query(), columns);
	});
	withOutput(token.command("create <name>").description("a new one, printed only now"))
		.option("--role <role>", "at most your own; default: your own")
		.option("--days <number>", "valid so long", "90")
		.action(async (name: string, options: OutputOptions & { role?: string; days: string }) => {
			const client = createClient(homeOf());
			const role = options.role ?? (await client.session.me.query()).role;
			if (!isRole(role)) throw new AppError("invalid", `"${role}" is no role: it is one of ${roles.join(", ")}.`);
			const made = await client.token.create.mutate({ name, role, days: Number(options.days) });
			if (options.output === "json") return printJson(made);
			tell(`${name}, ${role}, until ${made.expiresAt.toISOString()}. It is printed only now.`);
			process.stdout.write(`${made.token}\n`);
		});
	token
		.command("revoke <id>")
		.description("its next request is refused")
		.action(async (id: string) => {
			await createClient(homeOf()).token.revoke.mutate({ id });
			tell("The token is revoked.");
		});
}
