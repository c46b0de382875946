import { type Actor, isRole } from "@/domain/roles";
import type { Database } from "@/server/store/client";

export interface FoundSession {
	readonly actor: Actor;
	readonly expiresAt: Date;
}

/**
 * Who has the session with this token; null when it is unknown or over, or its person is disabled. Read anew for each
 * call, so a role taken away, or an account ended, takes effect at once. One query: this is before every call.
 */
export async function findSession(database: Database, token: string, now = new Date()): Promise<FoundSession | null> {
	const [row] = await database.$queryRaw<{ id: string; name: string; role: string; expiresAt: Date }[]>`
		select u.id, u.name, u.role, s."expiresAt" from session s join "user" u on u.id = s."userId"
		where s.token = ${token} and s."expiresAt" > ${now} and u."disabledAt" is null`;
	if (!row || !isRole(row.role)) return null;
	return { actor: { kind: "user", id: row.id, name: row.name, role: row.role }, expiresAt: row.expiresAt };
}
