import { expect, type Page, test } from "@playwright/test";
import { api } from "./support/api";
import { BenchService } from "./support/bench-service";
import { look, lookNarrow } from "./support/look";
import { invitePerson } from "./support/person";
import { signIn } from "./support/sign-in";

/** All that a person says on a rollout, said on its page. Nobody asks the service anything, so nothing can be measured. */
const steps = "strategy: {canary: {steps: [{setWeight: 10}, {pause: {}}, {setWeight: 50}, {pause: {duration: 1h}}]}}";
const delivery = ["analysis: {interval: 2s, minRequests: 20, metrics: {success-rate: {min: 99%}, latency-p95: {max: 500ms}}}"];
const canary = { environment: steps, delivery };
const approved = { environment: `${steps}, approvals: {count: 1, role: approver}`, delivery };

let service: BenchService;

test.beforeAll(async () => {
	test.setTimeout(300_000);
	service = await BenchService.make("page");
	expect((await service.ended(await service.deploy(0, canary))).state).toBe("promoted");
});

const at = (number: number) => `/services/${service.name}/staging/rollouts/${number}`;
const current = (page: Page) => page.getByRole("list", { name: "Steps" }).locator("[aria-current=step]");
const head = (page: Page) => page.getByRole("heading", { level: 1 }).locator("..");

/** The open dialog's act, with a reason. */
async function say(page: Page, act: string, reason: string): Promise<void> {
	const dialog = page.getByRole("dialog");
	await dialog.getByLabel("Why?").fill(reason);
	await dialog.getByRole("button", { name: act }).click();
	await expect(dialog).toHaveCount(0);
}

test("a canary is paused, resumed, promoted, aborted and tried again from its page", async ({ page }) => {
	await signIn(page);
	const number = await service.deploy(1, canary);
	await page.goto(at(number));
	await expect(current(page)).toContainText("until a person promotes", { timeout: 60_000 });
	await expect(page.getByText("Waits for a person to promote")).toBeVisible();

	const analysis = page.getByRole("region", { name: "Analysis" });
	await expect(analysis.getByText("Inconclusive").first()).toBeVisible();
	await expect(analysis.getByText("Success rate").locator("..")).toContainText("0 of 20 needed");
	await expect(page.getByText("Successful", { exact: true })).toHaveCount(0);

	await page.getByRole("button", { name: "All verbs" }).click();
	await expect(page.getByRole("menuitem", { name: "Roll back" })).toContainText(
		`Rollout ${number} is running: only what was promoted can be rolled back`,
	);
	await page.keyboard.press("Escape");

	await page.getByRole("button", { name: "Pause", exact: true }).click();
	const act = page.getByRole("dialog").getByRole("button", { name: `Pause ${service.name} rollout ${number}` });
	await expect(act).toBeDisabled();
	await page.getByLabel("Why?").fill("it's lunch");
	await expect(page.getByRole("dialog").getByRole("button", { name: "Copy as CLI" })).toHaveAttribute(
		"title",
		`./sluice pause ${service.name} --env staging --reason 'it'\\''s lunch'`,
	);
	await act.click();
	await expect(page.getByText("Paused by administrator: it's lunch")).toBeVisible();
	await expect(head(page)).toContainText("Paused");
	await look(page, "rollout-paused");
	await lookNarrow(page, "rollout-paused");
	await page.getByRole("button", { name: "Resume", exact: true }).click();
	await say(page, `Resume ${service.name} rollout ${number}`, "back again");
	await expect(head(page)).toContainText("Running");

	await promote(page, "Promote to the next step", `Promote ${service.name} rollout ${number}`);
	await expect(current(page)).toContainText("analysis");
	await promote(page, "Promote to the next step", `Promote ${service.name} rollout ${number}`);
	await expect(current(page)).toContainText(/3600 s.*left/, { timeout: 60_000 });
	await expect(page.getByRole("list", { name: "Steps" })).toContainText("analysispassed over0 of 2 successful");
	await expect(page.getByRole("region", { name: "Traffic" })).toContainText("50 %");

	await page.getByRole("button", { name: "Abort" }).click();
	await say(page, `Abort ${service.name} rollout ${number}`, "it looks wrong");
	await expect(head(page)).toContainText("Rolled back", { timeout: 90_000 });
	await expect(page.getByText(/it looks wrong/).first()).toBeVisible();

	await page.getByRole("button", { name: "Retry" }).click();
	await say(page, "Try release 2 again", "a second look");
	await expect(page).toHaveURL(at(number + 1));
	await expect(current(page)).toContainText("until a person promotes", { timeout: 60_000 });
	await promote(page, "Promote past all steps", "Give release 2 all traffic");
	await expect(head(page)).toContainText("Promoted", { timeout: 90_000 });
});

async function promote(page: Page, way: string, act: string): Promise<void> {
	await page.getByRole("button", { name: "Promote", exact: true }).click();
	await page.getByRole("menuitem", { name: way }).click();
	await say(page, act, "seen enough");
}

test("what awaits approval is shown to its author with why not, its steps are edited, and another person approves it", async ({
	page,
	browser,
}) => {
	await signIn(page);
	const number = await service.deploy(0, approved);
	await service.until(number, "the question", ({ state }) => state === "awaiting-approval");
	const name = `${service.name} staging rollout ${number}`;
	await page.goto("/approvals");
	const waiting = page.getByRole("article", { name });
	await expect(waiting).toContainText("administrator made this change: another person approves it.");
	await expect(waiting.getByRole("button", { name: "Approve" })).toHaveAttribute("aria-disabled", "true");
	await look(page, "approvals");
	await lookNarrow(page, "approvals");

	await waiting.getByRole("link", { name }).click();
	await page.getByRole("button", { name: "Edit steps" }).click();
	const value = page.getByLabel("Value of step 1");
	await value.fill("120");
	await expect(page.getByRole("button", { name: "Save these steps" })).toBeDisabled();
	await value.fill("60");
	await expect(page.getByRole("alert").filter({ hasText: "weights rise" })).toBeVisible();
	await value.fill("20");
	await page.getByRole("button", { name: "Save these steps" }).click();
	await expect(page.getByText("The candidate gets 20 % of the traffic.")).toBeVisible();

	const approver = await browser.newContext();
	const theirs = await approver.newPage();
	await signIn(theirs, await invitePerson("mei", "approver"));
	await expect(theirs.getByText(`rollout ${number} by administrator awaits your approval`)).toBeVisible();
	await expect(theirs.getByRole("link", { name: "Approvals" })).toContainText(/waits? for you/);
	await theirs.getByRole("link", { name: "Approvals" }).click();
	await theirs.getByRole("article", { name }).getByRole("button", { name: "Approve" }).click();
	await say(theirs, `Approve ${service.name} rollout ${number}`, "read it all");
	await expect(theirs.getByRole("article", { name })).toHaveCount(0);
	await approver.close();

	const approval = page.getByRole("heading", { level: 2, name: "Approval" }).locator("../..");
	await expect(approval).toContainText("mei approved: read it all");
	await expect(approval).toContainText("1 of 1 approvals");
	await api().rollout.abort.mutate({ service: service.name, environment: "staging", number, reason: "seen enough" });
	await service.ended(number);
});
