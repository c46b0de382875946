import { expect, type Page, test } from "@playwright/test";
import { gatewayHosts } from "@/domain/names";
import { api } from "./support/api";
import { BenchService } from "./support/bench-service";
import { sluice, trySluice } from "./support/command";
import { domain, gatewayPort } from "./support/installation";
import { look, lookChinese, lookNarrow } from "./support/look";
import { signIn } from "./support/sign-in";

/**
 * What runs where, and when nothing may: the matrix, a freeze that keeps a deploy out by page and by command and is
 * ended, two releases side by side, what the proxies serve, and the way to all of it by keyboard. The freeze is of this
 * service only, so no other test meets it.
 */
test.describe.configure({ mode: "serial" });

let service: BenchService;

test.beforeAll(async () => {
	test.setTimeout(300_000);
	service = await BenchService.make("env");
	expect((await service.ended(await service.deploy(0))).state).toBe("promoted");
	expect((await service.ended(await service.deploy(1, { variables: { COLOUR: "green" } }))).state).toBe("promoted");
});

test.afterAll(async () => {
	for (const { id, state } of await api().freeze.list.query({ environment: "staging", service: service.name })) {
		if (state === "active" || state === "coming") await api().freeze.end.mutate({ id });
	}
});

const deployWords = () => ["deploy", service.name, "--release", "1", "--env", "staging"];
const line = (page: Page) =>
	page.getByRole("region", { name: "Environments" }).getByRole("row").filter({ hasText: service.name });

test("the matrix says what runs where and what is ahead, and a filter is in the address", async ({ page }) => {
	await signIn(page);
	await page.getByRole("link", { name: "Environments", exact: true }).click();
	await page.getByLabel("Search services").fill(service.name);
	await expect(page).toHaveURL(new RegExp(`q=${service.name}`));
	await expect(line(page)).toContainText("Release 2");
	await expect(line(page)).toContainText("Healthy");
	await expect(line(page)).toContainText("staging has release 2; nothing was ever deployed here.");
	const promote = line(page).getByRole("button", { name: "Promote release 2" });
	await expect(promote).toHaveAttribute("aria-disabled", "true");
	await expect(promote).toHaveAttribute("aria-description", /has no environment production in its sluice.yaml/);
	await look(page, "environments");
	await lookNarrow(page, "environments");
	await lookChinese(page, "environments");
	await page.goto(`/environments?q=${service.name}&show=rollout`);
	await expect(page.getByText("No service is like that.")).toBeVisible();
	expect(await sluice(["environment", "list"])).toContain(service.name);
});

test("a service that nobody calls says so, and its first request is counted with its latency", async ({ page }) => {
	await signIn(page);
	await page.goto(`/services/${service.name}`);
	const signals = page.getByRole("region", { name: "The last 15 minutes" }).getByRole("row").filter({ hasText: "staging" });
	await expect(signals).toContainText("2 of 2 healthy");
	await expect(signals).toContainText("No request in this time.");
	await look(page, "service-quiet");
	await lookNarrow(page, "service-quiet");
	await page.goto(`/services/${service.name}?tab=metrics&environment=staging`);
	await expect(page.getByText("No requests in this time.")).toBeVisible();
	await lookNarrow(page, "metrics-quiet");
	await page.goto(`/services/${service.name}`);
	const gateway = (await api().host.list.query()).find(({ roles }) => roles.includes("gateway"));
	const headers = { host: `${service.name}.staging.${domain()}:${gatewayPort()}` };
	expect((await page.request.get(`http://${gateway?.address}:${gatewayPort()}/`, { headers })).status()).toBeLessThan(500);
	await expect(signals).toContainText("1 request");
	await expect(signals).toContainText(/ ms/);
	await expect(signals.getByRole("link", { name: "Logs" })).toHaveAttribute("href", /tab=logs&environment=staging$/);
});

test("a freeze made on the page keeps a deploy out by command and by page, until it is ended", async ({ page }) => {
	await signIn(page);
	await page.goto(`/environments?q=${service.name}`);
	await page.getByRole("button", { name: "Make a freeze" }).click();
	const form = page.getByRole("dialog");
	await form.getByLabel("Environment").selectOption("staging");
	await form.getByLabel("Service").fill(service.name);
	await form.getByLabel("Time zone").fill("Europe/Nowhere");
	await expect(form.getByRole("button", { name: "Freeze staging" })).toBeDisabled();
	await form.getByLabel("Time zone").fill("Europe/Berlin");
	await form.getByLabel("Until", { exact: true }).fill("2099-01-01T08:00");
	await form.getByLabel("Why?").fill("the year ends");
	await look(page, "freeze-form");
	await lookNarrow(page, "freeze-form");
	await form.getByRole("button", { name: "Freeze staging" }).click();
	await expect(form).toHaveCount(0);
	await expect(line(page)).toContainText("Frozen");
	const freezes = page.getByRole("region", { name: "Freeze windows" });
	await expect(freezes.getByRole("row").filter({ hasText: service.name })).toContainText("Frozen now");
	await look(page, "environments-frozen");
	await lookNarrow(page, "environments-frozen");

	const sentence = `${service.name} in staging is frozen until 2099-01-01 08:00 (Europe/Berlin): the year ends.`;
	const refused = await trySluice(deployWords());
	expect(refused.code).not.toBe(0);
	expect(refused.errors).toContain(sentence);

	await page.goto(`/services/${service.name}?tab=releases`);
	await expect(page.getByText("Frozen until")).toBeVisible();
	await page.getByRole("row").filter({ hasText: "Release 1" }).getByRole("button", { name: "Deploy" }).click();
	await page.getByRole("menuitem", { name: "staging" }).click();
	const dialog = page.getByRole("dialog");
	await expect(dialog.getByText(sentence)).toBeVisible();
	await expect(dialog.getByRole("button", { name: "Deploy release 1 to staging" })).toBeDisabled();
	await look(page, "deploy-frozen");
	await page.keyboard.press("Escape");

	await page.goto("/environments#freezes");
	await freezes.getByRole("row").filter({ hasText: service.name }).getByRole("button", { name: "End" }).click();
	await page
		.getByRole("dialog")
		.getByRole("button", { name: /^End the freeze of/ })
		.click();
	await expect(page.getByRole("dialog")).toHaveCount(0);
	await sluice(deployWords());
	expect((await service.ended(3)).state).toBe("promoted");
});

test("two releases picked from the list stand side by side, and are swapped in the address", async ({ page }) => {
	await signIn(page);
	await page.goto(`/services/${service.name}?tab=releases`);
	await page.getByLabel("Pick release 2 to compare").check();
	await page.getByLabel("Pick release 1 to compare").check();
	await page.getByRole("link", { name: "Compare release 1 with 2" }).click();
	await expect(page).toHaveURL(/\/releases\/compare\?from=1&to=2$/);
	await expect(page.getByRole("region", { name: "Release 1", exact: true })).toBeVisible();
	await expect(page.getByRole("region", { name: "Manifest" })).toContainText("environments.staging.variables.COLOUR");
	await expect(page.getByRole("region", { name: "Manifest" }).getByRole("row").filter({ hasText: "COLOUR" })).toContainText(
		"green",
	);
	await look(page, "compare");
	await lookNarrow(page, "compare");
	await lookChinese(page, "compare");
	await page.goto(`/services/${service.name}/releases/compare?from=1&to=2`);
	await page.getByRole("button", { name: "Swap the two" }).click();
	await expect(page).toHaveURL(/from=2&to=1$/);
	await page.goto(`/services/${service.name}/releases/compare?from=1&to=99`);
	await expect(page.getByText("has no release 99")).toBeVisible();
});

test("the gateway's page tells the names, shares and endpoints of a service, and who obeys them", async ({ page }) => {
	await signIn(page);
	await page.goto(`/gateway?q=${service.name}`);
	const [host = ""] = gatewayHosts(service.name, { name: "staging", primary: false }, domain());
	await expect(page.getByText(host)).toBeVisible();
	const endpoints = page.getByRole("region", { name: `Endpoints of ${service.name} in staging` });
	await expect(endpoints).toContainText("1: 100 %");
	await expect(endpoints.getByText(/healthy on (\d+) of \1/).first()).toBeVisible();
	const proxies = page.getByRole("region", { name: "Proxies" });
	await expect(proxies.getByText("Answers").first()).toBeVisible();
	await expect(page.getByText(/acknowledged by (\d+) of \1 prox/)).toBeVisible();
	await look(page, "gateway");
	await lookNarrow(page, "gateway");
	await lookChinese(page, "gateway");
	expect(await sluice(["gateway", "routes", service.name])).toContain("1 at 100 %");
});

test("pages, things and acts are reached by keyboard alone, and the focus comes back", async ({ page }) => {
	await signIn(page);
	await page.goto("/catalog");
	const catalog = page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Catalog" });
	await catalog.focus();
	await page.keyboard.press("?");
	await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
	await look(page, "keys");
	await page.keyboard.press("Escape");
	await expect(catalog).toBeFocused();

	await page.keyboard.press("/");
	const input = page.getByRole("combobox", { name: "Go to" });
	await expect(input).toBeFocused();
	await page.keyboard.type(`deploy ${service.name}`);
	await expect(page.getByRole("option").first()).toContainText(`Deploy ${service.name}`);
	await look(page, "palette");
	await lookNarrow(page, "palette");
	await page.keyboard.press("Escape");
	await expect(catalog).toBeFocused();
	await page.keyboard.press("Control+k");
	await page.keyboard.type(`deploy ${service.name}`);
	await page.keyboard.press("Enter");
	await expect(page).toHaveURL(new RegExp(`/services/${service.name}\\?tab=releases$`));
});
