import type { Command } from "commander";
import { AppError } from "@/domain/errors";
import { isRole, type Role, roles } from "@/domain/roles";
import type { InvitationRow, UserRow } from "@/server/views";
import { type Client, createClient } from "../client";
import { type ConfirmOptions, confirm, withYes } from "../confirm";
import { homeOf } from "../home";
import { type OutputOptions, print, printDone, printJson, tell, withOutput } from "../output";

const columns = {
	NAME: (row: UserRow) => row.name,
	"E-MAIL": (row: UserRow) => row.email,
	ROLE: (row: UserRow) => row.role,
	SEEN: (row: UserRow) => row.seenAt?.toISOString() ?? null,
	TOKENS: (row: UserRow) => row.tokens,
	DISABLED: (row: UserRow) => row.disabledAt?.toISOString() ?? null,
};

const invitationColumns = {
	"E-MAIL": (row: InvitationRow) => row.email,
	ROLE: (row: InvitationRow) => row.role,
	STATE: (row: InvitationRow) => row.state,
	EXPIRES: (row: InvitationRow) => row.expiresAt.toISOString(),
	ID: (row: InvitationRow) => row.id,
};

export function register(program: Command): void {
	const user = program.command("user").description("people with an account, for administrators");
	withOutput(user.command("list").description("all of them"))
		.option("--invitations", "the invitations instead")
		.action(async (options: OutputOptions & { invitations?: boolean }) => {
			const { users, invitations } = await createClient(homeOf()).user.list.query();
			if (options.invitations) print(options, invitations, invitationColumns);
			else print(options, users, columns);
		});
	withOutput(
		user.command("invite <e-mail>").description("a link with which this person makes their account, once, within 7 days"),
	)
		.option("--role <role>", roles.join(", "), "developer")
		.action(async (email: string, options: OutputOptions & { role: string }) => {
			const made = await createClient(homeOf()).user.invite.mutate({ email, role: roleOf(options.role) });
			if (options.output === "json") return printJson(made);
			tell(`Hand this link to ${email}: no mail is sent, and it is shown only now.`);
			process.stdout.write(`${made.link}\n`);
		});
	withOutput(user.command("revoke-invitation <e-mail>").description("take an open invitation back")).action(
		async (email: string, options: OutputOptions) => {
			const client = createClient(homeOf());
			const { invitations } = await client.user.list.query();
			const open = invitations.find((one) => one.email === email.toLowerCase() && one.state === "open");
			if (!open)
				throw new AppError("not-found", `There is no open invitation of ${email}: \`sluice user list --invitations\` shows all.`);
			printDone(
				options,
				await client.user.revokeInvitation.mutate({ id: open.id }),
				`The invitation of ${email} lets nobody in any more.`,
			);
		},
	);
	withOutput(
		user.command("set-role <e-mail> <role>").description(`one of ${roles.join(", ")}; counts from the person's next request`),
	).action(async (email: string, role: string, options: OutputOptions) => {
		const client = createClient(homeOf());
		const { id, name } = await find(client, email);
		printDone(options, await client.user.setRole.mutate({ id, role: roleOf(role) }), `${name} is ${role}.`);
	});
	withYes(
		withOutput(user.command("disable <e-mail>").description("end their sessions and tokens at once; they cannot sign in")),
	).action(async (email: string, options: OutputOptions & ConfirmOptions) => {
		await confirm(`End every session and token of ${email}?`, options);
		const client = createClient(homeOf());
		const { id, name } = await find(client, email);
		printDone(
			options,
			await client.user.disable.mutate({ id }),
			`${name} is disabled: every session and token of theirs has ended.`,
		);
	});
	withOutput(user.command("enable <e-mail>").description("let them sign in again; their tokens stay gone")).action(
		async (email: string, options: OutputOptions) => {
			const client = createClient(homeOf());
			const { id, name } = await find(client, email);
			printDone(options, await client.user.enable.mutate({ id }), `${name} may sign in again.`);
		},
	);
}

function roleOf(text: string): Role {
	if (!isRole(text)) throw new AppError("invalid", `"${text}" is no role: it is one of ${roles.join(", ")}.`);
	return text;
}

async function find(client: Client, email: string): Promise<UserRow> {
	const { users } = await client.user.list.query();
	const found = users.find((one) => one.email === email.toLowerCase());
	if (!found) throw new AppError("not-found", `Nobody here has the address ${email}: \`sluice user list\` shows all.`);
	return found;
}
