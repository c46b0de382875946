import { isRole } from "@/domain/roles";
import { invitationState } from "@/domain/user/invitation";
import type { Tx } from "@/server/store/client";
import type { InvitationRow, UserRow } from "@/server/views";

export async function readUsers(tx: Tx): Promise<UserRow[]> {
	const rows = await tx.user.findMany({
		orderBy: { createdAt: "asc" },
		include: { sessions: { orderBy: { updatedAt: "desc" }, take: 1, select: { updatedAt: true } } },
	});
	const tokens = await tx.apiToken.groupBy({ by: ["userId"], _count: { _all: true } });
	return rows.map(({ id, name, email, role, disabledAt, createdAt, sessions }) => ({
		id,
		name,
		email,
		role: isRole(role) ? role : "viewer",
		disabledAt,
		createdAt,
		seenAt: sessions[0]?.updatedAt ?? null,
		tokens: tokens.find((one) => one.userId === id)?._count._all ?? 0,
	}));
}

/** Newest first; what is long over is left out. */
export async function readInvitations(tx: Tx, now = new Date()): Promise<InvitationRow[]> {
	const rows = await tx.invitation.findMany({ orderBy: { createdAt: "desc" }, take: 100 });
	return rows.map((row) => {
		const { id, email, role, createdBy, createdAt, expiresAt } = row;
		const state = invitationState(row, now);
		return { id, email, role: isRole(role) ? role : "viewer", createdBy, createdAt, expiresAt, state };
	});
}
