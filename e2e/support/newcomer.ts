import { type Browser, expect, type Page } from "@playwright/test";
import { portalAddress } from "./installation";
import { look, lookNarrow } from "./look";

export interface Newcomer {
	readonly name: string;
	readonly email: string;
	readonly password: string;
}

/** An administrator's page makes the invitation; its link is shown once. */
export async function inviteThroughPage(page: Page, { email }: Newcomer, role: "developer" | "approver"): Promise<string> {
	await page.goto("/");
	await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Admin" }).click();
	await expect(page.getByRole("heading", { level: 1, name: "People" })).toBeVisible();
	await page.getByLabel("E-mail").fill(email);
	await page.getByLabel("As", { exact: true }).selectOption(role);
	await page.getByRole("button", { name: "Make an invitation" }).click();
	const link = await page.getByTestId("invitation-link").innerText();
	await look(page, "users");
	await lookNarrow(page, "users");
	return link;
}

/** A page in a browser of somebody's own. */
export async function ownPage(browser: Browser): Promise<Page> {
	const context = await browser.newContext({ baseURL: portalAddress(), viewport: { width: 1280, height: 900 } });
	return context.newPage();
}

/** A browser of their own, in which they take the invitation. */
export async function acceptInvitation(browser: Browser, link: string, person: Newcomer): Promise<Page> {
	const page = await ownPage(browser);
	await page.goto(link);
	await expect(page.getByText(`${person.email} gets an account here`)).toBeVisible();
	await look(page, "invitation");
	await lookNarrow(page, "invitation");
	await page.getByLabel("Your name").fill(person.name);
	await page.getByLabel("Password").fill("short");
	await expect(page.getByRole("button", { name: "Make my account" })).toBeDisabled();
	await page.getByLabel("Password").fill(person.password);
	await page.getByRole("button", { name: "Make my account" }).click();
	await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
	return page;
}
