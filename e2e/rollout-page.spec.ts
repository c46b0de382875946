import { expect, type Page, test } from "@playwright/test";
import { BenchService, type ManifestWishes } from "./support/bench-service";
import { look, lookNarrow } from "./support/look";
import { signIn } from "./support/sign-in";

/** The rollout page's verbs as a person says them: each through its button and its dialog, seen to have worked on the server. */
const steps: ManifestWishes = {
	environment: "strategy: {canary: {steps: [{setWeight: 10}, {pause: {}}, {setWeight: 50}, {pause: {}}]}}",
};
const asking: ManifestWishes = { environment: "approvals: {count: 1, role: approver}" };

let service: BenchService;

test.beforeAll(async () => {
	test.setTimeout(300_000);
	service = await BenchService.make(`page-${Date.now().toString(36)}`);
	expect((await service.ended(await service.deploy(0, steps))).state).toBe("promoted");
});

/** Fills in the open dialog and does what it offers; it closes only when the server agreed. */
async function say(page: Page, act: string, reason: string): Promise<void> {
	const dialog = page.getByRole("dialog");
	await dialog.getByRole("textbox", { name: /^Why\?/ }).fill(reason);
	await dialog.getByRole("button", { name: act }).click();
	await expect(dialog).toBeHidden();
}

test("a person pauses, resumes, promotes and aborts through the page, and a refused verb says why", async ({ page }) => {
	const { name } = service;
	const number = await service.deploy(1, steps);
	await service.until(number, "10 %", ({ weight }) => weight === 10);
	await signIn(page);
	await page.goto(`/services/${name}/staging/rollouts/${number}`);

	await page.getByRole("button", { name: "Pause", exact: true }).click();
	const dialog = page.getByRole("dialog");
	await expect(dialog.getByRole("button", { name: `Pause ${name} rollout ${number}` })).toBeDisabled();
	await say(page, `Pause ${name} rollout ${number}`, "looking at the logs");
	await expect(page.getByText(/^Paused by .*: looking at the logs/).first()).toBeVisible();
	expect((await service.rollout(number)).paused?.reason).toBe("looking at the logs");
	await look(page, "rollout-paused");
	await lookNarrow(page, "rollout-paused");

	await page.getByRole("button", { name: "All verbs" }).click();
	await expect(page.getByText(`Rollout ${number} has not ended: it is running.`)).toBeVisible();
	await page.keyboard.press("Escape");

	await page.getByRole("button", { name: "Resume", exact: true }).click();
	await say(page, `Resume ${name} rollout ${number}`, "nothing found");
	await service.until(number, "the resume", ({ paused }) => paused === null);

	await page.getByRole("button", { name: "Promote", exact: true }).click();
	await page.getByRole("menuitem", { name: "Promote to the next step" }).click();
	await say(page, `Promote ${name} rollout ${number}`, "");
	await service.until(number, "50 %", ({ weight }) => weight === 50);

	await page.getByRole("button", { name: "Abort", exact: true }).click();
	await say(page, `Abort ${name} rollout ${number}`, "seen enough");
	const end = await service.ended(number);
	expect(end.state).toBe("rolled-back");
	expect(end.reason).toContain("seen enough");
	await expect(page.getByText(/seen enough/).first()).toBeVisible();
});

test("the inbox shows a waiting rollout to its author, who is told that another person approves it", async ({ page }) => {
	const number = await service.deploy(1, asking);
	await service.until(number, "the question", ({ state }) => state === "awaiting-approval");
	await signIn(page);
	await page.goto("/approvals");
	const item = page.getByRole("article", { name: `${service.name} staging rollout ${number}` });
	await expect(item.getByText(/made this change: another person approves it/)).toBeVisible();
	await expect(item.getByRole("button", { name: "Approve" })).toHaveAttribute("aria-disabled", "true");
	await look(page, "approvals");
	await lookNarrow(page, "approvals");
});
