import { expect, test } from "@playwright/test";
import { administrator } from "./support/installation";
import { look, lookNarrow } from "./support/look";
import { signIn } from "./support/sign-in";

test("who is not signed in is asked to, and comes back to where they wanted to go", async ({ page }) => {
	await page.goto("/hosts");
	await expect(page).toHaveURL(/\/sign-in\?next=%2Fhosts/);
	await look(page, "sign-in");
	await lookNarrow(page, "sign-in");

	await page.getByLabel("E-mail").fill(administrator().email);
	await page.getByLabel("Password").fill("certainly not the password");
	await page.getByRole("button", { name: "Sign in" }).click();
	await expect(page.getByRole("alert").filter({ hasText: "not right" })).toBeVisible();

	await page.getByLabel("Password").fill(administrator().password);
	await page.getByRole("button", { name: "Sign in" }).click();
	await expect(page).toHaveURL(/\/hosts$/);
	await expect(page.getByRole("heading", { level: 1, name: "Hosts" })).toBeVisible();
});

test("signing out ends the session", async ({ page }) => {
	await signIn(page);
	await page.goto("/profile");
	await page.getByRole("main").getByRole("button", { name: "Sign out" }).click();
	await expect(page).toHaveURL(/\/sign-in/);
	await page.goto("/catalog");
	await expect(page).toHaveURL(/\/sign-in/);
});

test("a theme that was chosen stays", async ({ page }) => {
	await signIn(page);
	await page.getByRole("button", { name: "Theme" }).click();
	await page.getByRole("menuitem", { name: "Dark" }).click();
	await page.reload();
	await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});
