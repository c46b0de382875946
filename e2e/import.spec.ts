import { randomUUID } from "node:crypto";
import { get } from "node:http";
import { json } from "node:stream/consumers";
import { expect, type Page, test } from "@playwright/test";
import { startLoad } from "@/bench/support/load";
import { gatewayHosts } from "@/domain/names";
import { endedStates } from "@/domain/rollout/model";
import type { ImportPage, LogPage, RolloutPage } from "@/server/views";
import { api } from "./support/api";
import { Checkout } from "./support/checkout";
import { sluice, trySluice } from "./support/command";
import { foreignFiles } from "./support/foreign";
import { apiToken, domain, gatewayPort, portalAddress } from "./support/installation";
import { look, lookChinese, lookNarrow } from "./support/look";
import { signIn } from "./support/sign-in";

/**
 * Who has never seen Sluice brings a service that knows nothing of it: imports it, releases it by canary, finds its
 * logs, and reads who did what. In the browser, then by the command line, then by REST.
 */
const id = Date.now().toString(36);
const checkouts: Checkout[] = [];

test.afterAll(() => {
	for (const checkout of checkouts) checkout.remove();
});

test("in the browser", async ({ page }) => {
	test.setTimeout(600_000);
	const service = `orders-${id}`;
	await signIn(page);
	await page.goto("/create?way=empty");
	await page.getByLabel("Name", { exact: true }).fill(service);
	await page.getByRole("button", { name: `Create ${service}` }).click();
	await expect(page.getByText(`git clone`)).toBeVisible();
	const checkout = await pushForeign(service);

	await page.goto("/create?way=import");
	await expect(page.getByRole("link", { name: `Propose a manifest for ${service}` })).toBeVisible();
	await look(page, "import-choose");
	await lookNarrow(page, "import-choose");
	await page.getByRole("link", { name: `Propose a manifest for ${service}` }).click();
	await propose(page, service);
	await page.getByRole("button", { name: "Commit it to main" }).click();
	await expect(page).toHaveURL(/\/pipelines\//);
	expect((await ended(service, "staging", 1)).state).toBe("promoted");
	await look(page, "import-pipeline");

	await release(page, service, 1);
	expect((await ended(service, "production", 1)).state).toBe("promoted");
	expect(await ask(service)).toEqual({ orders: [], edition: "first" });

	await checkout.pull();
	checkout.change("orders.py", (text) => text.replace('"first"', '"second"'));
	await checkout.push("A second edition");
	expect((await ended(service, "staging", 2)).state).toBe("promoted");
	const load = await hammer(service, 60_000);
	await release(page, service, 2);
	for (const weight of [10, 50, 100]) {
		await expect(page.getByRole("region", { name: "Traffic" }).getByText(`${weight} %`, { exact: true }).last()).toBeVisible({
			timeout: 60_000,
		});
	}
	expect((await ended(service, "production", 2)).state).toBe("promoted");
	expect(await load.verdict).toMatchObject({ failed: 0, causes: [] });
	expect(await ask(service)).toMatchObject({ edition: "second" });

	await page.goto(`/services/${service}`);
	await page.getByRole("link", { name: "Logs", exact: true }).click();
	// The health check writes a line each time it asks: by now the first one may be far above what is shown.
	await page.getByLabel("Only lines with").fill("orders are taken");
	await page.getByLabel("Only lines with").press("Enter");
	await expect(page.getByText("orders are taken on 8000").first()).toBeVisible();
	await look(page, "import-logs");
	await page.goto(`/audit?search=${service}`);
	for (const action of ["repository.create", "import.commit", "rollout.start"]) {
		await expect(page.getByText(action, { exact: true }).first()).toBeVisible();
	}
	await look(page, "import-audit");
	await lookNarrow(page, "import-audit");
});

test("by the command line", async () => {
	test.setTimeout(300_000);
	const service = `parcels-${id}`;
	await sluice(["repository", "create", service]);
	await pushForeign(service);
	const asked = await trySluice(["import", service]);
	expect([asked.code === 0, asked.errors]).toEqual([false, expect.stringContaining("? owner")]);
	await sluice(["import", service, "--set", "owner=parcels", "--set", "strategy=rolling"]);
	expect((await ended(service, "staging", 1)).state).toBe("promoted");
	await sluice(["deploy", service, "--release", "1", "--env", "production", "--watch"]);
	expect(await ask(service)).toMatchObject({ edition: "first" });
	await expect(async () => {
		expect(await sluice(["logs", service, "--env", "production"])).toContain("orders are taken on 8000");
	}).toPass({ timeout: 30_000, intervals: [500] });
	const told = JSON.parse(await sluice(["audit", "--search", service, "--output", "json"])) as { action: string }[];
	expect(told.map(({ action }) => action)).toEqual(
		expect.arrayContaining(["repository.create", "import.commit", "rollout.start"]),
	);
});

test("by REST", async () => {
	test.setTimeout(300_000);
	const service = `returns-${id}`;
	await rest("POST", "/repositories", { name: service });
	await pushForeign(service);
	const answers = { owner: "returns", strategy: "rolling" };
	const { commit, proposal } = await rest<ImportPage>("POST", `/repositories/${service}/proposal`, { answers });
	expect(proposal.questions.filter(({ isOpen }) => isOpen)).toEqual([]);
	await rest("POST", `/repositories/${service}/manifest`, { base: commit, manifest: proposal.manifest });
	expect((await ended(service, "staging", 1)).state).toBe("promoted");
	await rest("POST", "/rollouts", { service, environment: "production", release: 1 });
	expect((await ended(service, "production", 1)).state).toBe("promoted");
	await expect(async () => {
		const { lines } = await rest<LogPage>("GET", `/services/${service}/environments/production/logs`);
		expect(lines.map(({ text }) => text)).toContain("orders are taken on 8000");
	}).toPass({ timeout: 30_000, intervals: [500] });
	expect(JSON.stringify(await rest("GET", `/audit?search=${service}`))).toContain("import.commit");
});

/** The form: what it knows and from where, what it asks, and the text to change. */
async function propose(page: Page, service: string): Promise<void> {
	await expect(page.getByRole("heading", { level: 1, name: `Import ${service}` })).toBeVisible();
	await expect(page.getByRole("row", { name: /Port http 8000 http Dockerfile:4/ })).toBeVisible();
	await expect(page.getByRole("row", { name: /Health check GET \/ready :8000 Dockerfile:5/ })).toBeVisible();
	await page.getByLabel("Owner", { exact: true }).fill("orders");
	await page.getByLabel("Owner", { exact: true }).press("Enter");
	await expect(page.getByText("all answered")).toBeVisible();
	await look(page, "import-proposal");
	await lookNarrow(page, "import-proposal");
	await lookChinese(page, "import-proposal");
	await page.reload();
	await page.getByLabel("Owner", { exact: true }).fill("orders");
	await page.getByLabel("Owner", { exact: true }).press("Enter");
	await expect(page.getByText("all answered")).toBeVisible();
	const manifest = page.getByRole("textbox", { name: "sluice.yaml" });
	const text = await manifest.inputValue();
	await manifest.fill(text.replace("port: 8000", "porridge: 8000"));
	await expect(page.getByText(/sluice\.yaml:\d+:\d+: .*porridge/)).toBeVisible();
	await expect(page.getByRole("button", { name: "Commit it to main" })).toBeDisabled();
	await look(page, "import-refused");
	await manifest.fill(text.replaceAll("duration: 1m", "duration: 5s"));
	await expect(page.getByText(`It is a valid manifest of the service ${service}.`)).toBeVisible();
}

/** From the list of releases, to production. */
async function release(page: Page, service: string, number: number): Promise<void> {
	await page.goto(`/services/${service}?tab=releases`);
	const row = page.getByRole("row", { name: new RegExp(`\\bRelease ${number}\\b`) });
	await row.getByRole("button", { name: "Deploy" }).click();
	await page.getByRole("menuitem", { name: /^production/ }).click();
	await page.getByRole("button", { name: `Deploy release ${number} to production` }).click();
	await expect(page).toHaveURL(/\/production\/rollouts\//);
}

async function pushForeign(service: string): Promise<Checkout> {
	const { cloneUrl = "" } = (await api().repository.list.query()).find(({ name }) => name === service) ?? {};
	const checkout = new Checkout(service, cloneUrl);
	checkouts.push(checkout);
	await checkout.begin(foreignFiles);
	await checkout.push("As it was");
	return checkout;
}

async function ended(service: string, environment: string, number: number): Promise<RolloutPage> {
	let seen: RolloutPage | null = null;
	await expect(async () => {
		seen = await api().rollout.get.query({ service, environment, number });
		expect(endedStates).toContain(seen.state);
	}).toPass({ timeout: 240_000, intervals: [200] });
	if (!seen) throw new Error("never read");
	return seen;
}

async function gateway(): Promise<string> {
	return (await api().host.list.query()).find(({ roles }) => roles.includes("gateway"))?.address ?? "";
}

const hostOf = (service: string) => gatewayHosts(service, { name: "production", primary: true }, domain())[0] ?? "";

/** Through the gateway, from outside. */
async function ask(service: string): Promise<unknown> {
	const host = await gateway();
	return new Promise((resolve, reject) => {
		get({ host, port: gatewayPort(), path: "/", headers: { host: hostOf(service) } }, (answer) => {
			json(answer).then(resolve, reject);
		}).on("error", reject);
	});
}

async function hammer(service: string, durationMs: number) {
	return startLoad({
		...{ address: await gateway(), port: gatewayPort(), host: hostOf(service), durationMs, longMs: 0, timeoutMs: 15_000 },
		rates: { keepAlive: 60, newConnection: 10, long: 0, stream: 0 },
		streamMs: { least: 1_000, most: 1_000 },
	});
}

async function rest<T>(method: "GET" | "POST", path: string, body?: object): Promise<T> {
	const answer = await fetch(`${portalAddress()}/api/v1${path}`, {
		method,
		headers: {
			authorization: `Bearer ${apiToken()}`,
			...(body ? { "content-type": "application/json", "idempotency-key": randomUUID() } : {}),
		},
		...(body ? { body: JSON.stringify(body) } : {}),
	});
	if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
	return (await answer.json()) as T;
}
