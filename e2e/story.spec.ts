import { type Browser, expect, type Page, test } from "@playwright/test";
import { startLoad } from "@/bench/support/load";
import { gatewayHosts } from "@/domain/names";
import { endedStates } from "@/domain/rollout/model";
import type { RolloutPage } from "@/server/views";
import { api } from "./support/api";
import { Checkout } from "./support/checkout";
import { domain, gatewayPort, portalAddress } from "./support/installation";
import { look, lookNarrow } from "./support/look";
import { acceptInvitation, inviteThroughPage, type Newcomer, ownPage } from "./support/newcomer";
import { signIn } from "./support/sign-in";

/**
 * The first canary, as a team lives it in the browser: a service made from the template runs in staging, goes on to
 * production when another person has approved it, then by 10 and 50 % while clients hammer the gateway. A bad version
 * goes back by itself.
 */
test.describe.configure({ mode: "serial" });

/** Tests, image build and rollout on a busy machine. */
const creationTimeout = 500_000;

const id = Date.now().toString(36);
const service = `shop-${id}`;
const ada: Newcomer = { name: "Ada Second", email: `ada-${id}@example.test`, password: `only-for-ada-${id}` };
const mei: Newcomer = { name: "Mei Third", email: `mei-${id}@example.test`, password: `only-for-mei-${id}` };

/** Of the developer who makes the service and changes it, and of the approver. */
let adas: Page;
let meis: Page;
let token: string;
let checkout: Checkout;

test.beforeAll(async ({ browser }: { browser: Browser }) => {
	test.setTimeout(120_000);
	const administrators = await ownPage(browser);
	await signIn(administrators);
	const link = await inviteThroughPage(administrators, ada, "developer");
	adas = await acceptInvitation(browser, link, ada);
	meis = await acceptInvitation(browser, await inviteThroughPage(administrators, mei, "approver"), mei);
	await administrators.goto(link);
	await expect(administrators.getByText("was used already")).toBeVisible();
	await look(administrators, "invitation-used");
	await administrators.close();
});

test.afterAll(async () => {
	checkout?.remove();
	const { users } = await api().user.list.query();
	for (const { id: user } of users.filter(({ email }) => [ada.email, mei.email].includes(email))) {
		await api().user.disable.mutate({ id: user });
	}
});

test("an invited person makes a service from a template, and production takes it when another person has approved", async () => {
	await expect(adas.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Admin" })).toHaveCount(0);
	await create(adas);
	await watchCreation(adas);
	await openService(adas);
	await adas.goto(at(1));
	await expect(adas.getByText(`${ada.name} made this change: another person approves it.`).first()).toBeVisible({
		timeout: 60_000,
	});
	await approve(1);
	expect((await ended("production", 1)).state).toBe("promoted");
	await expect(status(adas)).toContainText("Promoted");
});

test("a good change goes by 10 and 50 % to all, measured, under load, and no request fails", async () => {
	token = await makeToken(adas);
	checkout = new Checkout(service, await cloneUrl(), token);
	await checkout.clone();
	checkout.change("src/quotes.ts", (text) => text.replace("Call me Ishmael.", "Call me Ishmael!"));
	await checkout.push("Call louder");
	expect((await ended("staging", 2)).state).toBe("promoted");

	const load = await hammer(90_000);
	await approve(2);
	await adas.goto(at(2));
	const candidate = adas.getByRole("region", { name: "Traffic" });
	for (const weight of [10, 50, 100]) {
		await expect(candidate.getByText(`${weight} %`, { exact: true }).last()).toBeVisible({ timeout: 90_000 });
		if (weight === 10) {
			await expect(adas.getByRole("region", { name: "Analysis" })).toContainText(/Successful.*\d+ requests/s, {
				timeout: 60_000,
			});
			await look(adas, "story-canary-10");
			await lookNarrow(adas, "story-canary-10");
		}
	}
	const end = await ended("production", 2);
	expect(end.state, String(end.reason)).toBe("promoted");
	await expect(status(adas)).toContainText("Promoted");
	await expect(adas.locator("[data-live]")).toHaveAttribute("data-live", "live");
	await look(adas, "story-promoted");
	expect(end.decisions).toEqual([expect.objectContaining({ userName: mei.name, intentHash: end.intentHash })]);
	expect(end.changes.commits?.map(({ message }) => message)).toEqual(["Call louder"]);
	expect(end.measurements.filter(({ verdict }) => verdict === "successful").length).toBeGreaterThanOrEqual(4);
	// What was in flight on the old instances is kept as it fell to nothing.
	expect(end.drains.map(({ samples }) => samples.at(-1)?.active)).toEqual([0, 0]);
	expect(await load.verdict).toMatchObject({ failed: 0, causes: [] });
});

test("a change that answers 500 to a fifth of its requests is rolled back by itself, and the first line says why", async () => {
	checkout.change("src/server.ts", (text) =>
		text.replace(
			"	response.writeHead(status, {",
			`	const isSick = body !== null && JSON.stringify(body) !== '{"status":"ok"}' && Math.random() < Number(process.env.FAIL_SHARE ?? 0);
	if (process.env.FAIL_SHARE) response.setHeader("x-release", "sick");
	response.writeHead(isSick ? 500 : status, {`,
		),
	);
	checkout.change("sluice.yaml", (text) =>
		text.replace("    after: staging", '    after: staging\n    variables: {FAIL_SHARE: "0.2"}'),
	);
	await checkout.push("A change with a fault");
	await ended("staging", 3);
	const load = await hammer(60_000);
	const startedAt = performance.now();
	await approve(3);
	const end = await ended("production", 3);
	const endedMs = performance.now() - startedAt;
	expect(end.state).toBe("rolled-back");
	expect(end.reason).toMatch(
		/^the analysis failed: success-rate of the candidate is .* % \(\d+ of \d+ requests failed\), below the limit of 99 %/,
	);
	const verdict = await load.verdict;
	expect(Object.keys(verdict.failedByRelease)).toEqual(["sick"]);
	expect(verdict.lastFailedMs ?? 0).toBeLessThan(endedMs);
	await adas.goto(at(3));
	await expect(adas.getByText(/the analysis failed: success-rate/).first()).toBeVisible();
	await look(adas, "story-rolled-back");
	await adas.goto(`/services/${service}?tab=metrics&environment=production`);
	await expect(adas.getByRole("region", { name: "Requests by release" }).getByText("Release 2")).toBeVisible();
	await look(adas, "service-metrics");
	await lookNarrow(adas, "service-metrics");
});

test("a token that was revoked opens nothing any more", async () => {
	const me = async () =>
		(await fetch(`${portalAddress()}/api/trpc/session.me`, { headers: { authorization: `Bearer ${token}` } })).status;
	expect(await me()).toBe(200);
	await adas.goto("/profile");
	await adas.getByRole("button", { name: "Revoke git on my laptop" }).click();
	await expect.poll(me).toBe(401);
	checkout.change("src/quotes.ts", (text) => text.replace("Call me Ishmael!", "Call me Ishmael?"));
	await expect(checkout.push("Not let in")).rejects.toThrow();
});

const at = (number: number) => `/services/${service}/production/rollouts/${number}`;
const status = (page: Page) => page.getByRole("heading", { level: 1 }).locator("..");
const cloneUrl = async () => (await api().repository.list.query()).find(({ name }) => name === service)?.cloneUrl ?? "";

async function create(page: Page): Promise<void> {
	await page.goto("/create");
	await expect(page.getByRole("heading", { level: 2, name: "TypeScript HTTP service" })).toBeVisible();
	await look(page, "create-choose");
	await lookNarrow(page, "create-choose");
	await page.getByRole("link", { name: "Use TypeScript HTTP service" }).click();
	await page.getByLabel("Name", { exact: true }).fill("Not a name");
	await expect(page.getByText("cannot be the name")).toBeVisible();
	await page.getByLabel("Name", { exact: true }).fill(service);
	await expect(page.getByText("cannot be the name")).toHaveCount(0);
	await expect(page.getByLabel("Owner")).toHaveValue(ada.name);
	await look(page, "create-form");
	await lookNarrow(page, "create-form");
	await page.getByRole("button", { name: "Review" }).click();
	await expect(page.getByRole("region", { name: "sluice.yaml" })).toContainText(`name: ${service}`);
	await page.getByRole("button", { name: "src/server.ts" }).click();
	await expect(page.getByRole("region", { name: "src/server.ts" })).toContainText(`service: "${service}"`);
	await look(page, "create-review");
	await lookNarrow(page, "create-review");
	await page.getByRole("button", { name: `Create ${service}` }).click();
}

/** Without a reload: the steps tick by themselves. */
async function watchCreation(page: Page): Promise<void> {
	await expect(page).toHaveURL(new RegExp(`/create/${service}$`));
	const steps = page.getByRole("list", { name: "Steps" });
	await expect(steps.getByText("First pipeline").locator("..")).toContainText("running", { timeout: 60_000 });
	await expect(page.locator("[data-live]")).toHaveAttribute("data-live", "live");
	await look(page, "create-run");
	await lookNarrow(page, "create-run");
	await expect(steps.getByText("Open the service").locator("..")).toContainText("done", { timeout: creationTimeout });
	await expect(page.getByText(`git clone`)).toBeVisible();
	await look(page, "create-done");
	await lookNarrow(page, "create-done");
}

async function openService(page: Page): Promise<void> {
	const answer = await page.request.get(`http://${await gateway()}:${gatewayPort()}/`, {
		headers: { host: `${service}.staging.${domain()}:${gatewayPort()}` },
	});
	expect(await answer.json()).toMatchObject({ service });
	await page.getByRole("link", { name: `Open the service ${service}` }).click();
	await expect(page.getByRole("heading", { level: 1, name: service })).toBeVisible();
	await expect(page.getByText("2 of 2 healthy").first()).toBeVisible();
	const [pipeline] = await api().pipeline.list.query({ repository: service });
	expect(pipeline).toMatchObject({ author: ada.name, pushedBy: ada.name, state: "passed", tests: "passed" });
}

async function makeToken(page: Page): Promise<string> {
	await page.goto("/profile");
	await page.getByLabel("New token for").fill("git on my laptop");
	await page.getByRole("button", { name: "Make a token" }).click();
	const made = await page.getByTestId("new-token").innerText();
	await look(page, "profile-tokens");
	await lookNarrow(page, "profile-tokens");
	return made;
}

/** The approver finds it in the inbox, reads the diff and says yes. */
async function approve(number: number): Promise<void> {
	await meis.goto("/approvals");
	const waiting = meis.getByRole("article", { name: `${service} production rollout ${number}` });
	await expect(waiting).toBeVisible({ timeout: 60_000 });
	await look(meis, `story-approval-${number}`);
	await waiting.getByRole("button", { name: "Approve" }).click();
	const dialog = meis.getByRole("dialog");
	await dialog.getByLabel("Why?").fill("read the diff");
	await dialog.getByRole("button", { name: `Approve ${service} rollout ${number}` }).click();
	await expect(dialog).toHaveCount(0);
}

async function ended(environment: string, number: number): Promise<RolloutPage> {
	let seen: RolloutPage | null = null;
	await expect(async () => {
		seen = await api().rollout.get.query({ service, environment, number });
		if (!endedStates.includes(seen.state)) {
			throw new Error(`rollout ${number} in ${environment} is ${seen.state}: ${seen.reason ?? seen.waitsFor}`);
		}
	}).toPass({ timeout: 240_000, intervals: [100] });
	if (!seen) throw new Error("never read");
	return seen;
}

async function gateway(): Promise<string> {
	return (await api().host.list.query()).find(({ roles }) => roles.includes("gateway"))?.address ?? "";
}

/** Clients of the gateway for production, at 120 requests a second. */
async function hammer(durationMs: number) {
	const [host = ""] = gatewayHosts(service, { name: "production", primary: true }, domain());
	return startLoad({
		...{ address: await gateway(), port: gatewayPort(), host, durationMs, longMs: 0, timeoutMs: 15_000 },
		rates: { keepAlive: 90, newConnection: 30, long: 0, stream: 0 },
		streamMs: { least: 1_000, most: 1_000 },
	});
}
