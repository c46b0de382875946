import { expect, test } from "@playwright/test";
import { administrator } from "./support/installation";
import { lookChinese } from "./support/look";
import { signIn } from "./support/sign-in";

test("who has chosen no language is met in the browser's own, and a choice stays, here and behind the sign-in", async ({
	browser,
}) => {
	const context = await browser.newContext({ locale: "zh-CN" });
	const page = await context.newPage();
	await page.goto("/sign-in");
	await expect(page.getByRole("heading", { level: 1 })).toHaveText("登录 Sluice");
	await expect(page.locator("html")).toHaveAttribute("lang", "zh-CN");

	await page.getByLabel("邮箱").fill(administrator().email);
	await page.getByRole("button", { name: "语言" }).click();
	await page.getByRole("menuitem", { name: "English" }).click();
	await expect(page.getByRole("heading", { level: 1 })).toHaveText("Sign in to Sluice");
	await expect(page.locator("html")).toHaveAttribute("lang", "en");
	// What was typed stays.
	await expect(page.getByLabel("E-mail")).toHaveValue(administrator().email);
	await page.getByLabel("Password").fill(administrator().password);
	await page.getByRole("button", { name: "Sign in" }).click();
	await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();

	await page.getByRole("button", { name: "Me", exact: true }).click();
	await page.getByRole("menuitem", { name: "简体中文" }).click();
	await expect(page.getByRole("heading", { level: 1, name: "首页" })).toBeVisible();
	await page.getByRole("link", { name: "主机", exact: true }).click();
	await expect(page.getByRole("heading", { level: 1, name: "主机" })).toBeVisible();
	await expect(page).toHaveURL(/\/hosts$/);
	await page.reload();
	await expect(page.getByRole("heading", { level: 1, name: "主机" })).toBeVisible();

	// What the server has written down in English is read in Chinese.
	await page.goto("/audit");
	await expect(page.getByRole("button", { name: /^\S+ 登录$/ }).first()).toBeVisible();
	// And is found by the Chinese that is read.
	const rows = page.getByRole("region", { name: "审计" }).getByRole("row");
	await page.getByLabel("按关键词筛选").fill("登录");
	await expect(page).toHaveURL(/q=/);
	await expect(rows.filter({ hasText: "user.sign-in" })).not.toHaveCount(0);
	await expect(rows.filter({ hasNotText: "登录" }).filter({ has: page.getByRole("button") })).toHaveCount(0);
	await context.close();
});

test("the pages without data of their own fit their Chinese words", async ({ page }) => {
	await page.goto("/sign-in");
	await lookChinese(page, "sign-in");
	await signIn(page);
	for (const [name, address] of [
		["create-choose", "/create"],
		["create-repository", "/create?way=empty"],
		["approvals", "/approvals"],
		["users", "/admin/users"],
	] as const) {
		await page.goto(address);
		await lookChinese(page, name);
	}
});
