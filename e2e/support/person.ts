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

/** Another person with an account of their own, who accepted an invitation of the administrator's and signed in. */
export async function invite(browser: Browser, role: Role): Promise<Person> {
	const name = `Second ${Date.now().toString(36)}`;
	const email = `${name.toLowerCase().replace(" ", "-")}@example.test`;
	const password = crypto.randomUUID();
	const { link } = await api().user.invite.mutate({ email, role });
	const token = new URL(link).searchParams.get("token") ?? new URL(link).hash.slice(1).replace(/^token=/, "");
	const context = await browser.newContext({ baseURL: portalAddress() });
	const headers = { origin: portalAddress() };
	const accepted = await context.request.post("/api/invitation", { data: { token, person: { name, password } }, headers });
	expect(accepted.ok(), await accepted.text()).toBe(true);
	const signedIn = await context.request.post("/api/auth/sign-in/email", { data: { email, password }, headers });
	expect(signedIn.ok(), await signedIn.text()).toBe(true);
	const cookie = (await context.cookies()).map((one) => `${one.name}=${one.value}`).join("; ");
	const own = createTRPCClient<AppRouter>({
		links: [httpLink({ url: `${portalAddress()}/api/trpc`, transformer: superjson, headers: { ...headers, cookie } })],
	});
	return { name, context, api: own };
}
