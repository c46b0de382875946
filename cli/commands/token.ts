import type { Command } from "commander";
import { AppError } from "@/domain/errors";
import { isScope, scopes, type TokenLimits } from "@/domain/policy/scope";
import { isRole, roles } from "@/domain/roles";
import type { TokenRow } from "@/server/views";
import { createClient } from "../client";
import { homeOf } from "../home";
import { type OutputOptions, print, printDone, printJson, tell, withOutput } from "../output";

const columns = {
	ID: (row: TokenRow) => row.id,
	NAME: (row: TokenRow) => row.name,
	STARTS: (row: TokenRow) => `${row.start}…`,
	ROLE: (row: TokenRow) => row.role ?? "its user's",
	LIMITS: (row: TokenRow) => wordsOf(row.limits),
	USED: (row: TokenRow) => row.usedAt?.toISOString() ?? null,
	EXPIRES: (row: TokenRow) => row.expiresAt?.toISOString() ?? null,
};

/** Of an option that may be given again, or hold several words parted by commas. */
const more = (text: string, before: readonly string[] = []): readonly string[] => [...before, ...text.split(",")];

interface CreateOptions extends OutputOptions {
	readonly role?: string;
	readonly days: string;
	readonly scope?: readonly string[];
	readonly service?: readonly string[];
	readonly env?: readonly string[];
}

function wordsOf({ scopes: given, services, environments }: TokenLimits): string {
	return [given, services, environments]
		.map((words) => words?.join(","))
		.filter(Boolean)
		.join("; ");
}

function limitsOf({ scope, service, env }: CreateOptions) {
	const given = scope?.map((word) => {
		if (isScope(word)) return word;
		throw new AppError("invalid", `"${word}" is no scope: it is one of ${scopes.join(", ")}.`);
	});
	return { scopes: given ?? null, services: service ? [...service] : null, environments: env ? [...env] : null };
}

export function register(program: Command): void {
	const token = program.command("token").description("your own API tokens");
	withOutput(token.command("list").description("all of yours")).action(async (options: OutputOptions) => {
		print(options, await createClient(homeOf()).token.list.query(), columns);
	});
	withOutput(token.command("create <name>").description("a new one, printed only now"))
		.option("--role <role>", "at most your own; default: your own")
		.option("--days <number>", "valid so long", "90")
		.option("--scope <scope>", `only for this: ${scopes.join(", ")}; may be given again; default: all of its role`, more)
		.option("--service <name>", "changes only this service; may be given again", more)
		.option("--env <environment>", "changes only this environment; may be given again", more)
		.action(async (name: string, options: CreateOptions) => {
			const client = createClient(homeOf());
			const role = options.role ?? (await client.session.me.query()).role;
			if (!isRole(role)) throw new AppError("invalid", `"${role}" is no role: it is one of ${roles.join(", ")}.`);
			const made = await client.token.create.mutate({ name, role, days: Number(options.days), limits: limitsOf(options) });
			if (options.output === "json") return printJson(made);
			tell(`${name}, ${role}, until ${made.expiresAt.toISOString()}. It is printed only now.`);
			process.stdout.write(`${made.token}\n`);
		});
	withOutput(token.command("revoke <id>").description("its next request is refused")).action(
		async (id: string, options: OutputOptions) => {
			printDone(options, await createClient(homeOf()).token.revoke.mutate({ id }), "The token is revoked.");
		},
	);
}
