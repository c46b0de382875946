"use client";

import { createAuthClient } from "better-auth/react";

const client = createAuthClient();

export type SignInResult = "ok" | "refused" | "disabled" | "too-many" | "away";

export async function signIn(email: string, password: string): Promise<SignInResult> {
	try {
		const { error } = await client.signIn.email({ email, password });
		if (!error) return "ok";
		if (error.code === "ACCOUNT_DISABLED") return "disabled";
		if (error.status === 429) return "too-many";
		return error.status === 401 || error.status === 400 || error.status === 403 ? "refused" : "away";
	} catch {
		return "away";
	}
}

/** Leaves even when the portal does not answer: the sign-in page is the safe place. */
export async function signOut(): Promise<void> {
	try {
		await client.signOut();
	} finally {
		location.assign("/sign-in");
	}
}
