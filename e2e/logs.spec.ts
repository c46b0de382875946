import { expect, type Page, test } from "@playwright/test";
import { api } from "./support/api";
import { BenchService } from "./support/bench-service";
import { sluice, trySluice } from "./support/command";
import { kill } from "./support/fleet";
import { look, lookNarrow } from "./support/look";
import { invitePerson } from "./support/person";
import { signIn } from "./support/sign-in";

/** Counts each 100 ms, in colours, beside the program's own server; says a last word when it is stopped. */
const script = `let n = 0; setInterval(() => console.log("\\u001b[32mcount\\u001b[0m " + (n += 1) + " <b>no</b>"), 100);
process.on("SIGTERM", () => { console.log("last word"); process.exit(); });
require("node:http").createServer((_, answer) => answer.end("ok")).listen(8080);`;
const command = ["node", "-e", script];

let service: BenchService;

test.beforeAll(async () => {
	test.setTimeout(300_000);
	service = await BenchService.make("logs");
	expect((await service.ended(await service.deploy(0, { command }))).state).toBe("promoted");
});

const identity = () => ({ service: service.name, environment: "staging" });
const lines = (more: object = {}) => api().log.read.query({ ...identity(), limit: 2_000, direction: "forward", ...more });
const viewer = (page: Page) => page.getByRole("region", { name: `What ${service.name} wrote in staging` });

/** Every number once and in order, up to the last: as its container wrote them. */
async function expectWhole(instance: string): Promise<number> {
	const all = (await lines({ instance })).lines;
	expect(all.map(({ number }) => number)).toEqual(all.map((_, index) => index + 1));
	const counts = all.flatMap(({ text }) => Number(/count\S* (\d+)/.exec(text)?.[1] ?? Number.NaN)).filter((count) => count > 0);
	expect(counts).toEqual(counts.map((_, index) => index + 1));
	return counts.length;
}

test("lines come to the page as they are written, coloured, searched, linked and never as markup", async ({ page }) => {
	await signIn(page);
	await page.goto(`/services/${service.name}?tab=logs&environment=staging`);
	await expect(
		viewer(page)
			.getByText(/count \d+ <b>no<\/b>/)
			.first(),
	).toBeVisible();
	await expect(viewer(page).locator(".ansi-green-fg").first()).toBeVisible();
	await expect(viewer(page).locator("b")).toHaveCount(0);
	const newest = (await lines({ direction: "backward", limit: 1 })).lines[0];
	const later = Number(/count\S* (\d+)/.exec(newest?.text ?? "")?.[1]) + 20;
	await expect(viewer(page).getByText(`count ${later} `).first()).toBeVisible({ timeout: 20_000 });

	await viewer(page).hover();
	await page.mouse.wheel(0, -2_000);
	await expect(page.getByRole("button", { name: "Follow the end" })).toBeVisible();
	await page.getByRole("button", { name: "Follow the end" }).click();
	await expect(page.getByRole("button", { name: "Follow the end" })).toHaveCount(0);

	await page.getByLabel("Only lines with").fill("COUNT 7 ");
	await page.getByLabel("Only lines with").press("Enter");
	await expect(viewer(page).getByText("count 7 ")).toHaveCount(2);
	await viewer(page)
		.getByRole("button", { name: /Link to line/ })
		.first()
		.click();
	const linked = page.url();
	await look(page, "logs");
	await lookNarrow(page, "logs");
	await page.goto("about:blank");
	await page.goto(linked);
	await expect(viewer(page).getByText("count 7 ").first()).toBeInViewport();
});

test("a log outlives its containers, an agent that is killed, and a relay that is away", async () => {
	test.setTimeout(300_000);
	const before = await api().log.instances.query(identity());
	const old = before.filter(({ isGone }) => !isGone).map(({ id }) => id);
	expect(old.length).toBe(2);
	kill("h1-agent");
	kill("relay");
	kill("h2-agent");
	expect((await service.ended(await service.deploy(1, { command }))).state).toBe("promoted");
	const after = await api().log.instances.query(identity());
	for (const id of old) {
		expect(after.find((one) => one.id === id)?.isGone).toBe(true);
		expect(await expectWhole(id)).toBeGreaterThan(20);
		expect((await lines({ instance: id, search: "last word" })).lines).toHaveLength(1);
	}
});

test("the command line reads the same, and a component's log still", async () => {
	const said = await sluice(["logs", service.name, "--env", "staging", "-n", "5", "--search", "count"]);
	expect(said.trim().split("\n")).toHaveLength(5);
	expect(said).toMatch(new RegExp(`^\\d{4}-\\S+Z ${service.name}\\S* count \\d+ <b>no</b>$`, "m"));
	expect(await sluice(["logs", "portal", "-n", "1"])).not.toBe("");
	const refused = await trySluice(["logs", service.name]);
	expect(refused.errors).toContain("add --env <environment>");
});

test("a viewer is told why there is nothing to read", async ({ page }) => {
	await signIn(page, await invitePerson("Vera", "viewer"));
	await page.goto(`/services/${service.name}?tab=logs`);
	await expect(page.getByText("it is shown from the role developer on; you are viewer")).toBeVisible();
	await expect(viewer(page)).toHaveCount(0);
});
