import { type Browser, expect, test } from "@playwright/test";
import { startLoad } from "@/bench/support/load";
import { gatewayHosts } from "@/domain/names";
import { endedStates } from "@/domain/rollout/model";
import type { RolloutPage } from "@/server/views";
import { type Api, api } from "./support/api";
import { Checkout } from "./support/checkout";
import { domain, gatewayPort } from "./support/installation";
import { look, lookNarrow } from "./support/look";
import { invite, type Person } from "./support/person";
import { signIn } from "./support/sign-in";

/**
 * The first canary, as a team lives it: a service from the template runs in staging, goes on to production when another
 * person has approved it, then by 10 and 50 % while clients hammer the gateway. A bad version goes back by itself.
 */
const service = `story-${Date.now().toString(36)}`;
let checkout: Checkout | null = null;
let second: Person;

test.afterAll(() => checkout?.remove());

async function rollout(environment: string, number: number, is: (page: RolloutPage) => boolean): Promise<RolloutPage> {
	let seen: RolloutPage | null = null;
	await expect(async () => {
		seen = await api().rollout.get.query({ service, environment, number });
		if (!is(seen)) throw new Error(`rollout ${number} in ${environment} is ${seen.state}: ${seen.reason ?? seen.waitsFor}`);
	}).toPass({ timeout: 240_000, intervals: [100] });
	if (!seen) throw new Error("never read");
	return seen;
}

const ended = ({ state }: RolloutPage) => endedStates.includes(state);

/** Clients of the gateway for production, at 120 requests a second. */
async function hammer(durationMs: number) {
	const gateway = (await api().host.list.query()).find(({ roles }) => roles.includes("gateway"));
	const [host = ""] = gatewayHosts(service, { name: "production", primary: true }, domain());
	return startLoad({
		...{ address: gateway?.address ?? "", port: gatewayPort(), host, durationMs, longMs: 0, timeoutMs: 15_000 },
		rates: { keepAlive: 90, newConnection: 30, long: 0, stream: 0 },
		streamMs: { least: 1_000, most: 1_000 },
	});
}

async function approve(as: Api, number: number): Promise<void> {
	const waiting = await rollout("production", number, ({ state }) => state === "awaiting-approval");
	const word = { service, environment: "production", number, reason: "read the diff", intentHash: waiting.intentHash };
	await expect(api().rollout.approve.mutate(word)).rejects.toThrow("made this change: another person approves it");
	await as.rollout.approve.mutate(word);
}

async function push(message: string): Promise<void> {
	await checkout?.push(message);
}

test.beforeAll(async ({ browser }: { browser: Browser }) => {
	second = await invite(browser, "approver");
});

test("a service of the template reaches staging by itself and production when another person has approved it", async ({
	page,
}) => {
	await signIn(page);
	const { cloneUrl } = await api().repository.create.mutate({ name: service });
	checkout = new Checkout(service, cloneUrl);
	await checkout.fill();
	await push("First version");
	await expect(async () => expect(await api().service.list.query({ search: service })).toHaveLength(1)).toPass({
		timeout: 180_000,
	});
	expect((await rollout("staging", 1, ended)).state).toBe("promoted");
	await approve(second.api, 1);
	expect((await rollout("production", 1, ended)).state).toBe("promoted");
});

test("a good change goes by 10 and 50 % to all, measured, under load, and no request fails", async () => {
	checkout?.change("src/quotes.ts", (text) => text.replace("Call me Ishmael.", "Call me Ishmael!"));
	await push("Call louder");
	await rollout("staging", 2, ended);
	const load = await hammer(75_000);
	await approve(second.api, 2);
	const ten = await rollout("production", 2, ({ weight, state }) => weight === 10 || endedStates.includes(state));
	expect(ten.weight, String(ten.reason)).toBe(10);
	await rollout("production", 2, ({ weight, state }) => weight === 50 || endedStates.includes(state));
	const end = await rollout("production", 2, ended);
	expect(end.state, String(end.reason)).toBe("promoted");
	expect(end.decisions).toEqual([expect.objectContaining({ userName: second.name, intentHash: end.intentHash })]);
	expect(end.changes.commits?.map(({ message }) => message)).toEqual(["Call louder"]);
	expect(end.measurements.filter(({ verdict }) => verdict === "successful").length).toBeGreaterThanOrEqual(4);
	expect(await load.verdict).toMatchObject({ failed: 0, causes: [] });
});

test("a change that answers 500 to a fifth of its requests is rolled back by itself, and the first line says why", async ({
	page,
}) => {
	checkout?.change("src/server.ts", (text) =>
		text.replace(
			"	response.writeHead(status, {",
			`	const isSick = body !== null && JSON.stringify(body) !== '{"status":"ok"}' && Math.random() < Number(process.env.FAIL_SHARE ?? 0);
	if (process.env.FAIL_SHARE) response.setHeader("x-release", "sick");
	response.writeHead(isSick ? 500 : status, {`,
		),
	);
	checkout?.change("sluice.yaml", (text) =>
		text.replace("    after: staging", '    after: staging\n    variables: {FAIL_SHARE: "0.2"}'),
	);
	await push("A change with a fault");
	await rollout("staging", 3, ended);
	const load = await hammer(60_000);
	const startedAt = performance.now();
	await approve(second.api, 3);
	const end = await rollout("production", 3, ended);
	const endedMs = performance.now() - startedAt;
	expect(end.state).toBe("rolled-back");
	expect(end.reason).toMatch(
		/^the analysis failed: success-rate of the candidate is .* % \(\d+ of \d+ requests failed\), below the limit of 99 %/,
	);
	const verdict = await load.verdict;
	expect(Object.keys(verdict.failedByRelease)).toEqual(["sick"]);
	expect(verdict.lastFailedMs ?? 0).toBeLessThan(endedMs);
	await signIn(page);
	await page.goto(`/services/${service}/production/rollouts/3`);
	await expect(page.getByText(/the analysis failed: success-rate/).first()).toBeVisible();
	await look(page, "story-rolled-back");
	await page.goto(`/services/${service}?tab=metrics&environment=production`);
	await expect(page.getByRole("table", { name: "Requests by release" }).getByText("Release 2")).toBeVisible();
	await look(page, "service-metrics");
	await lookNarrow(page, "service-metrics");
});
