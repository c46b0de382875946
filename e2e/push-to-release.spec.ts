import { expect, type Page, test } from "@playwright/test";
import { api } from "./support/api";
import { Checkout } from "./support/checkout";
import { keepAsking } from "./support/client";
import { domain, gatewayPort } from "./support/installation";
import { look, lookChinese, lookNarrow } from "./support/look";
import { signIn } from "./support/sign-in";

/** Tests, image build and rollout on a busy machine. */
const pipelineTimeout = 300_000;
const rolloutTimeout = 180_000;

const service = `e2e-${Date.now().toString(36)}`;
let checkout: Checkout | null = null;

test.afterAll(() => checkout?.remove());

test("a push is tested, built, released and rolled out to every host, and seen live, without a failed request", async ({
	page,
}) => {
	await signIn(page);
	checkout = await createRepository(page);
	await checkout.fill();
	await checkout.push("First version");
	await watchPipeline(page, 1);
	await watchRollout(page, 1);

	const gateway = await gatewayAddress();
	const client = keepAsking(gateway, `${service}.staging.${domain()}:${gatewayPort()}`);
	checkout.change("src/quotes.ts", (text) => text.replace("Call me Ishmael.", "Call me Ishmael!"));
	await checkout.push("Call louder");
	await watchPipeline(page, 2);
	await watchRollout(page, 2);
	const { sent, failed } = await client.stop();
	expect(sent).toBeGreaterThan(100);
	expect(failed).toEqual([]);

	await lookAround(page);
});

async function createRepository(page: Page): Promise<Checkout> {
	await page.goto("/create?way=empty");
	await page.getByLabel("Name").fill(service);
	await page.getByRole("button", { name: `Create ${service}` }).click();
	await expect(page.getByText(`The repository ${service} is there.`)).toBeVisible();
	await look(page, "create-done");
	const repository = (await api().repository.list.query()).find(({ name }) => name === service);
	if (repository === undefined) throw new Error(`The repository ${service} is not in the list.`);
	return new Checkout(service, repository.cloneUrl);
}

/** From the list to the page, without a reload; the log grows by itself; the tests' word is "Passed". */
async function watchPipeline(page: Page, number: number): Promise<void> {
	await page.goto(`/pipelines?repository=${service}`);
	await page.getByRole("link", { name: `${service} ${number}`, exact: true }).click({ timeout: 30_000 });
	await expect(page.getByRole("heading", { level: 1 })).toContainText(`${service}, pipeline ${number}`);
	const log = page.getByRole("region", { name: "Log" });
	await expect(log.getByText(/./).first()).toBeVisible({ timeout: 60_000 });
	await look(page, `pipeline-${number}-running`);
	const steps = page.getByRole("list", { name: "Steps" });
	await expect(steps.getByText("Record the release").locator("..")).toContainText("passed", { timeout: pipelineTimeout });
	await expect(page.getByText("tests:").locator("..")).toContainText("Passed");
	await look(page, `pipeline-${number}-built`);
}

async function watchRollout(page: Page, number: number): Promise<void> {
	await page.goto(`/services/${service}/staging/rollouts/${number}`);
	const status = page.getByRole("heading", { level: 1 }).locator("..");
	await expect(status).toContainText(/Running|Promoted/, { timeout: 60_000 });
	await look(page, `rollout-${number}-running`);
	await expect(status).toContainText("Promoted", { timeout: rolloutTimeout });
	const candidate = page.getByRole("region", { name: `Release ${number}, candidate` });
	for (const { name } of await api().host.list.query()) await expect(candidate).toContainText(name);
	await expect(candidate.getByText("Serving").first()).toBeVisible();
	await expect(page.getByRole("region", { name: "Acknowledgements" }).getByText("Not yet")).toHaveCount(0);
	await expect(page.locator("[data-live]")).toHaveAttribute("data-live", "live");
	await look(page, `rollout-${number}-promoted`);
}

async function gatewayAddress(): Promise<string> {
	const gateway = (await api().host.list.query()).find(({ roles }) => roles.includes("gateway"));
	if (gateway === undefined) throw new Error("No host is a gateway.");
	return `http://${gateway.address}:${gatewayPort()}`;
}

/** Every page that there is, in both themes, on a narrow screen, and in Chinese. */
async function lookAround(page: Page): Promise<void> {
	const pages: readonly (readonly [name: string, address: string, heading: string | RegExp])[] = [
		["home", "/", "Home"],
		["catalog", "/catalog", "Catalog"],
		["service", `/services/${service}`, service],
		["releases", `/services/${service}?tab=releases`, service],
		["instances", `/services/${service}?tab=instances`, service],
		["rollouts", "/rollouts", "Rollouts"],
		["rollout", `/services/${service}/staging/rollouts/2`, /rollout 2/],
		["pipelines", "/pipelines", "Pipelines"],
		["pipeline", `/pipelines/${service}/2`, /pipeline 2/],
		["repositories", "/repositories", "Repositories"],
		["hosts", "/hosts", "Hosts"],
		["audit", "/audit", "Audit"],
		["platform", "/platform", "Platform"],
		["profile", "/profile", "Profile"],
	];
	for (const [name, address, heading] of pages) {
		await page.goto(address);
		await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
		await expect(page.locator(".animate-pulse")).toHaveCount(0);
		await look(page, name);
		await lookNarrow(page, name);
		await lookChinese(page, name);
	}
}
