import type { Role } from "@/domain/roles";

/** The portal's answer to an invitation: what it is, or one sentence why not; `away` = no answer at all. */
export type Answer<T> =
	| { readonly kind: "ok"; readonly value: T }
	| { readonly kind: "refused"; readonly message: string }
	| { readonly kind: "away" };

export interface Invited {
	readonly email: string;
	readonly role: Role;
}

export function lookAt(token: string): Promise<Answer<Invited>> {
	return ask<Invited>({ token });
}

export function accept(token: string, person: { name: string; password: string }): Promise<Answer<{ readonly email: string }>> {
	return ask<{ readonly email: string }>({ token, person });
}

async function ask<T>(body: unknown): Promise<Answer<T>> {
	try {
		const answer = await fetch("/api/invitation", {
			method: "POST",
			headers: { "content-type": "application/json" },
			body: JSON.stringify(body),
		});
		if (answer.ok) return { kind: "ok", value: (await answer.json()) as T };
		if (answer.status >= 500) return { kind: "away" };
		return { kind: "refused", message: ((await answer.json()) as { message: string }).message };
	} catch {
		return { kind: "away" };
	}
}
