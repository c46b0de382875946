import { type Browser, type BrowserContext, expect } from "@playwright/test";
import { createTRPCClient, httpLink } from "@trpc/client";
import superjson from "superjson";
import type { Role } from "@/domain/roles";
import type { AppRouter } from "@/server/trpc/router";
import { type Api, api } from "./api";
import { portalAddress } from "./installation";

export interface Person {
	readonly name: string;
	readonly context: BrowserContext;
	/** The procedures, as this person signed in. */
	readonly api: Api;
}

/** Another person, who came by an invitation as people do. */
export async function invitePerson(name: string, role: Role): Promise<{ email: string; password: string }> {
	const email = `${name.toLowerCase()}-${Date.now().toString(36)}@example.com`;
	const password = `the password of ${email}`;
	const { link } = await api().user.invite.mutate({ email, role });
	const token = new URL(link).hash.slice(1);
	const answer = await fetch(`${portalAddress()}/api/invitation`, {
		method: "POST",
		headers: { "content-type": "application/json", origin: portalAddress() },
		body: JSON.stringify({ token, person: { name, password } }),
	});
	if (!answer.ok) throw new Error(`The invitation was not accepted: ${answer.status} ${await answer.text()}`);
	return { email, password };
}

/** The same, signed in. */
export async function invite(browser: Browser, role: Role): Promise<Person> {
	const name = "Second";
	const { email, password } = await invitePerson(name, role);
	const context = await browser.newContext({ baseURL: portalAddress() });
	const headers = { origin: portalAddress() };
	const signedIn = await context.request.post("/api/auth/sign-in/email", { data: { email, password }, headers });
	expect(signedIn.ok(), await signedIn.text()).toBe(true);
	const cookie = (await context.cookies()).map((one) => `${one.name}=${one.value}`).join("; ");
	const own = createTRPCClient<AppRouter>({
		links: [httpLink({ url: `${portalAddress()}/api/trpc`, transformer: superjson, headers: { ...headers, cookie } })],
	});
	return { name, context, api: own };
}
