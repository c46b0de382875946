import { AppError } from "@/domain/errors";
import type { Actor, Role } from "@/domain/roles";
import { whyNotDisable, whyNotEnable, whyNotSetRole } from "@/domain/user/gate";
import { recordAudit } from "@/server/store/audit";
import type { Database } from "@/server/store/client";
import { databaseNow } from "@/server/store/clock";
import { insertInvitation, revokeInvitation } from "@/server/store/invitation";
import { disableUser, enableUser, findUserByEmail, lockAdministration, setRole } from "@/server/store/user";

interface UserDeps {
	readonly database: Database;
	readonly env: { readonly portalUrl: string };
}

/**
 * A link with which the person of this address makes their account, once, within 7 days. Its secret stands behind the
 * `#`: browsers never send that part to a server, so it is in no log on the way. Throws `conflict`.
 */
export async function inviteUser(
	{ database, env }: UserDeps,
	actor: Actor,
	wish: { readonly email: string; readonly role: Role },
): Promise<{ link: string; expiresAt: Date }> {
	const email = wish.email.toLowerCase();
	return database.$transaction(async (tx) => {
		const existing = await findUserByEmail(tx, email);
		if (existing) throw new AppError("conflict", `${email} has an account already: change the role of ${existing.name} instead.`);
		const now = new Date(await databaseNow(tx));
		const { token, expiresAt } = await insertInvitation(tx, { email, role: wish.role, createdBy: actor.name }, now);
		const summary = `${actor.name} invited ${email} as ${wish.role}`;
		await recordAudit(tx, actor, {
			action: "user.invite",
			subjectKind: "user",
			subject: email,
			summary,
			data: { role: wish.role },
		});
		return { link: `${env.portalUrl}/invitation#${token}`, expiresAt };
	});
}

/** Throws `not-found` when it is used, taken back or unknown. */
export async function takeBackInvitation({ database }: UserDeps, actor: Actor, id: string): Promise<void> {
	await database.$transaction(async (tx) => {
		const email = await revokeInvitation(tx, id, new Date(await databaseNow(tx)));
		if (email === null) throw new AppError("not-found", "This invitation was used or taken back already.");
		const summary = `${actor.name} took the invitation of ${email} back`;
		await recordAudit(tx, actor, { action: "user.revokeInvitation", subjectKind: "user", subject: email, summary });
	});
}

/** Takes effect with the person's next request. Throws `not-allowed-now` with the gate's sentence. */
export async function changeRole({ database }: UserDeps, actor: Actor, id: string, role: Role): Promise<void> {
	await database.$transaction(async (tx) => {
		const { user, administrators } = await lockAdministration(tx, id);
		refuse(whyNotSetRole(actor, user, role, { administrators }));
		await setRole(tx, id, role);
		const summary = `${actor.name} made ${user.name} ${role}, before ${user.role}`;
		const data = { from: user.role, to: role };
		await recordAudit(tx, actor, { action: "user.setRole", subjectKind: "user", subject: user.email, summary, data });
	});
}

/** Ends their sessions and tokens at once. Throws `not-allowed-now`. */
export async function endAccount({ database }: UserDeps, actor: Actor, id: string): Promise<void> {
	await database.$transaction(async (tx) => {
		const { user, administrators } = await lockAdministration(tx, id);
		refuse(whyNotDisable(actor, user, { administrators }));
		const ended = await disableUser(tx, id, new Date(await databaseNow(tx)));
		const summary = `${actor.name} disabled ${user.name}: ${ended.sessions} sessions and ${ended.tokens} tokens ended`;
		await recordAudit(tx, actor, { action: "user.disable", subjectKind: "user", subject: user.email, summary, data: ended });
	});
}

/** Lets them sign in again; their tokens stay gone. */
export async function reopenAccount({ database }: UserDeps, actor: Actor, id: string): Promise<void> {
	await database.$transaction(async (tx) => {
		const { user } = await lockAdministration(tx, id);
		refuse(whyNotEnable(user));
		await enableUser(tx, id);
		const summary = `${actor.name} enabled ${user.name} again`;
		await recordAudit(tx, actor, { action: "user.enable", subjectKind: "user", subject: user.email, summary });
	});
}

function refuse(sentence: string | null): void {
	if (sentence !== null) throw new AppError("not-allowed-now", sentence);
}
