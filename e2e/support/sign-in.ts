import { expect, type Page } from "@playwright/test";
import { administrator } from "./installation";

/** Through the page, as a person does. */
export async function signIn(page: Page, { email, password } = administrator()): Promise<void> {
	await page.goto("/sign-in");
	await page.getByLabel("E-mail").fill(email);
	await page.getByLabel("Password").fill(password);
	await page.getByRole("button", { name: "Sign in" }).click();
	await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
}
