import { randomUUID } from "node:crypto";
import { type APIRequestContext, expect, test } from "@playwright/test";
import { api } from "./support/api";
import { apiToken, portalAddress } from "./support/installation";
import { look, lookNarrow } from "./support/look";
import { signIn } from "./support/sign-in";

/** REST through the portal as it runs, and its reference page. What each refusal and race does is in server/rest/rest.integration.test.ts. */
const root = () => `${portalAddress()}/api/v1`;

function post(request: APIRequestContext, path: string, data: object, key?: string, token = apiToken()) {
	const headers = { authorization: `Bearer ${token}`, ...(key === undefined ? {} : { "idempotency-key": key }) };
	return request.post(`${root()}${path}`, { data, headers });
}

test("a change over REST is done once, as the page shows it; a name with a slash is one name", async ({ request }) => {
	const name = `rest-${randomUUID().slice(0, 8)}`;
	const key = randomUUID();
	const first = await post(request, "/repositories", { name }, key);
	const again = await post(request, "/repositories", { name }, key);
	expect([first.status(), again.status(), await again.text()]).toEqual([201, 201, await first.text()]);
	expect(again.headers()["idempotency-replayed"]).toBe("true");
	expect((await api().repository.list.query()).filter((row) => row.name === name)).toHaveLength(1);

	const lost = await post(request, `/proxies/${encodeURIComponent("nowhere/envoy-0")}/declare-lost`, {});
	expect(lost.headers()["content-type"]).toBe("application/problem+json");
	expect(await lost.json()).toMatchObject({ status: 404, code: "not-found", detail: expect.stringContaining("nowhere/envoy-0") });
	const wrong = await request.put(`${root()}/repositories`, { headers: { authorization: `Bearer ${apiToken()}` } });
	expect([wrong.status(), wrong.headers().allow]).toEqual([405, "GET, POST"]);
});

test("a token made on the profile page for reading reads, and deploys nothing", async ({ page, request }) => {
	await signIn(page);
	await page.goto("/profile");
	await page.getByLabel("New token for").fill("dashboards");
	await page.getByLabel("reading", { exact: true }).check();
	await page.getByLabel("Only these services").fill("orders");
	await page.getByRole("button", { name: "Make a token" }).click();
	const token = await page.getByTestId("new-token").innerText();
	await expect(page.getByText("only for reading").first()).toBeVisible();
	await expect(page.getByText("only orders", { exact: true }).first()).toBeVisible();
	await look(page, "profile-scopes");
	await lookNarrow(page, "profile-scopes");
	const headers = { authorization: `Bearer ${token}` };
	expect((await request.get(`${root()}/services`, { headers })).status()).toBe(200);
	const refused = await post(request, "/repositories", { name: "x" }, undefined, token);
	expect(await refused.json()).toMatchObject({ status: 403, detail: expect.stringContaining("the scope deploy") });
});

test("the reference lists every operation with curl, and explains a problem's type", async ({ page, request }) => {
	await signIn(page);
	await page.goto("/reference");
	await page.getByLabel("Search operations").fill("rollout.abort");
	const entry = page.getByRole("listitem").filter({ hasText: "/abort" });
	await expect(entry).toHaveCount(1);
	await entry.getByText("Go back to what served before").click();
	await expect(entry.getByText("Needs the role developer")).toBeVisible();
	await expect(entry.locator("code").filter({ hasText: "curl -X POST" })).toContainText("Idempotency-Key");
	await look(page, "reference");
	await lookNarrow(page, "reference");
	const refusal = (await (await request.get(`${root()}/me`)).json()) as { type: string; code: string };
	expect(refusal.code).toBe("unauthenticated");
	await page.goto(refusal.type);
	await expect(page.locator("#unauthenticated")).toBeInViewport();
});
