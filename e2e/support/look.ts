import { mkdirSync } from "node:fs";
import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const folder = process.env.SLUICE_SCREENSHOTS ?? ".sluice-test/screenshots";
const themes = ["light", "dark"] as const;
const localeCookie = "sluice-locale";

/** Keeps a picture of the page as it is, in both themes, and finds what people with other eyes and hands would stumble over. */
export async function look(page: Page, name: string): Promise<void> {
	mkdirSync(folder, { recursive: true });
	for (const colorScheme of themes) {
		await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
		await page.screenshot({ path: `${folder}/${name}-${colorScheme}.png` });
		const { violations } = await new AxeBuilder({ page }).analyze();
		const severe = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
		expect(severe.map(({ id, nodes }) => `${name}, ${colorScheme}: ${id} at ${nodes[0]?.html}`)).toEqual([]);
	}
	await page.emulateMedia({ colorScheme: "light" });
}

/** The page at 390 px: nothing may be wider than the screen. */
export async function lookNarrow(page: Page, name: string): Promise<void> {
	await page.setViewportSize({ width: 390, height: 844 });
	const overhang = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
	await page.screenshot({ path: `${folder}/${name}-narrow.png` });
	await page.setViewportSize({ width: 1280, height: 900 });
	expect(overhang, `${name} is wider than a narrow screen`).toBeLessThanOrEqual(0);
}

/** The same address in Chinese, in both themes and narrow. What axe finds lies in the markup and colours, which are the same. */
export async function lookChinese(page: Page, name: string): Promise<void> {
	await page.context().addCookies([{ name: localeCookie, value: "zh", url: page.url() }]);
	await page.reload();
	await expect(page.locator("html")).toHaveAttribute("lang", "zh-CN");
	await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
	await expect(page.locator(".animate-pulse")).toHaveCount(0);
	for (const colorScheme of themes) {
		await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
		await page.screenshot({ path: `${folder}/${name}-zh-${colorScheme}.png` });
	}
	await page.emulateMedia({ colorScheme: "light" });
	await lookNarrow(page, `${name}-zh`);
	await page.context().clearCookies({ name: localeCookie });
}
