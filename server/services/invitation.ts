import { hashPassword } from "better-auth/crypto";
import { AppError } from "@/domain/errors";
import type { Role } from "@/domain/roles";
import { whyNotAccept } from "@/domain/user/invitation";
import { type AttemptRule, takeAttempt } from "@/server/store/attempt";
import { recordAudit } from "@/server/store/audit";
import type { Database, Tx } from "@/server/store/client";
import { databaseNow } from "@/server/store/clock";
import { invitationId, lockInvitation, type StoredInvitation, useInvitation } from "@/server/store/invitation";
import { insertUser } from "@/server/store/user";

/** A person opens a link a few times; a program that guesses 256 bits is only noise, and is kept quiet. */
const perAddress: AttemptRule = { max: 20, windowMs: 60_000 };
const perInvitation: AttemptRule = { max: 10, windowMs: 60_000 };

interface Try {
	readonly token: string;
	/** Where it comes from, as far as it is known. */
	readonly address: string;
}

/** Whom it is for. Throws `forbidden` with a sentence, and `too-many`. */
export async function lookAtInvitation(database: Database, attempt: Try): Promise<{ email: string; role: Role }> {
	await count(database, attempt);
	const { email, role } = await database.$transaction((tx) => openInvitation(tx, attempt.token));
	return { email, role };
}

/** Makes the account and uses the invitation up, in one transaction. Throws `forbidden`, `conflict` and `too-many`. */
export async function acceptInvitation(
	database: Database,
	attempt: Try & { readonly name: string; readonly password: string },
): Promise<{ email: string }> {
	await count(database, attempt);
	const passwordHash = await hashPassword(attempt.password);
	const { name, token } = attempt;
	return database.$transaction(async (tx) => {
		const { id, email, role } = await openInvitation(tx, token);
		await useInvitation(tx, id, new Date(await databaseNow(tx)));
		const userId = await insertUser(tx, { email, name, role, passwordHash });
		const actor = { kind: "user", id: userId, name } as const;
		const summary = `${name} accepted the invitation of ${email} and is ${role}`;
		await recordAudit(tx, actor, { action: "user.create", subjectKind: "user", subject: email, summary, data: { role } });
		return { email };
	});
}

/** Counted before anything is looked up, so tries at once are all counted. */
async function count(database: Database, { token, address }: Try): Promise<void> {
	const id = invitationId(token);
	const isAllowed =
		(await takeAttempt(database, `invitation/from/${address}`, perAddress)) &&
		(id === null || (await takeAttempt(database, `invitation/of/${id}`, perInvitation)));
	if (!isAllowed) throw new AppError("too-many", "Too many tries at invitations from here: wait a minute and try again.");
}

async function openInvitation(tx: Tx, token: string): Promise<StoredInvitation> {
	const invitation = await lockInvitation(tx, token);
	const refusal = whyNotAccept(invitation, new Date(await databaseNow(tx)));
	if (!invitation || refusal !== null) throw new AppError("forbidden", refusal ?? "This invitation is not known here.");
	return invitation;
}
