import { createHmac, randomUUID } from "node:crypto";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect, test } from "@playwright/test";
import { api } from "./support/api";
import { home } from "./support/installation";
import { look, lookChinese, lookNarrow } from "./support/look";
import { signIn } from "./support/sign-in";

/** A receiver of one's own on this machine, which an operator allows. Tries, rotation and what is refused are in workflows/webhook.integration.test.ts. */
const allowed = () => `${home()}/webhook.json`;
const arrived: { headers: IncomingHttpHeaders; body: string }[] = [];
let receiver: Server;
let address: string;

test.beforeAll(async () => {
	writeFileSync(allowed(), JSON.stringify({ networks: ["127.0.0.0/8"] }));
	receiver = createServer((request, response) => {
		void text(request).then((body) => {
			arrived.push({ headers: request.headers, body });
			response.writeHead(200).end("Thanks.");
		});
	});
	receiver.listen(0, "127.0.0.1");
	await once(receiver, "listening");
	address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/sluice`;
});

test.afterAll(() => {
	receiver.closeAllConnections();
	receiver.close();
	rmSync(allowed(), { force: true });
});

/** As docs/webhooks.md says, without any code of ours. */
function signatureOf(secret: string, { headers, body }: (typeof arrived)[number]): string {
	const key = Buffer.from(secret.slice("whsec_".length), "base64");
	const signed = `${String(headers["webhook-id"])}.${String(headers["webhook-timestamp"])}.${body}`;
	return `v1,${createHmac("sha256", key).update(signed).digest("base64")}`;
}

test("a webhook made on the page gets its test event, signed with the secret that was shown once, and the log shows it", async ({
	page,
}) => {
	const name = `receiver ${randomUUID().slice(0, 8)}`;
	await signIn(page);
	await page.getByRole("link", { name: "Webhooks", exact: true }).click();
	await expect(page.getByRole("heading", { level: 1, name: "Webhooks" })).toBeVisible();
	await expect(page.getByRole("heading", { name: "Inbound hooks" })).toBeVisible();
	await look(page, "webhooks-empty");
	await lookNarrow(page, "webhooks-empty");

	await page.getByRole("button", { name: "New webhook" }).click();
	const dialog = page.getByRole("dialog");
	await dialog.getByLabel("Name").fill(name);
	await dialog.getByLabel("Address").fill("http://10.255.255.1/in");
	await dialog.getByRole("button", { name: "Make the webhook" }).click();
	await expect(dialog.getByRole("alert")).toContainText("which a webhook must not reach");
	await dialog.getByLabel("Address").fill(address);
	await look(page, "webhook-new");
	await dialog.getByRole("button", { name: "Make the webhook" }).click();
	const secret = await dialog.getByTestId("new-secret").innerText();
	expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
	await look(page, "webhook-secret");
	await lookNarrow(page, "webhook-secret");
	await dialog.getByRole("link", { name: "Open it" }).click();

	await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
	await expect(page.getByText(secret)).toHaveCount(0);
	await page.getByRole("button", { name: "Send a test event" }).click();
	await expect.poll(() => arrived.length, { timeout: 60_000 }).toBe(1);
	const [message] = arrived;
	if (!message) throw new Error("nothing arrived");
	expect(message.headers["content-type"]).toBe("application/cloudevents+json");
	expect(message.headers["webhook-signature"]).toBe(signatureOf(secret, message));
	expect(JSON.parse(message.body)).toMatchObject({ specversion: "1.0", type: "dev.sluice.webhook.tested", subject: name });

	const line = page.getByRole("row").filter({ hasText: "dev.sluice.webhook.tested" });
	await expect(line.getByText("Delivered")).toBeVisible();
	await expect(line.getByText("200", { exact: true })).toBeVisible();
	await look(page, "webhook");
	await lookNarrow(page, "webhook");
	await line.getByRole("button", { name: "dev.sluice.webhook.tested" }).click();
	const delivery = page.getByRole("dialog");
	await expect(delivery.getByRole("list", { name: "Tries" })).toContainText("Thanks.");
	await look(page, "webhook-delivery");
	await lookNarrow(page, "webhook-delivery");
	await delivery.getByRole("button", { name: "Send again" }).click();
	await expect.poll(() => arrived.length, { timeout: 60_000 }).toBe(2);
	expect(arrived[1]?.headers["webhook-id"]).toBe(message.headers["webhook-id"]);
	expect(arrived[1]?.body).toBe(message.body);
	await expect(delivery.getByRole("list", { name: "Tries" }).getByRole("listitem")).toHaveCount(2);
	await page.keyboard.press("Escape");

	await lookChinese(page, "webhook");
	await page.goto("/webhooks");
	await expect(page.getByRole("row").filter({ hasText: name }).first()).toBeVisible();
	await look(page, "webhooks");
	await lookNarrow(page, "webhooks");
	await lookChinese(page, "webhooks");
	const listed = (await api().webhook.list.query()).find((row) => row.name === name);
	expect(listed).toMatchObject({ standing: "active", last: { state: "delivered" } });
	const { rows } = await api().audit.list.query({ action: "webhook.create", limit: 1 });
	expect(rows[0]?.summary).toContain(`the webhook ${name}, which tells 127.0.0.1`);

	await page.goto(`/webhooks/${listed?.id ?? ""}`);
	await page.getByRole("button", { name: "Remove", exact: true }).click();
	await page.getByRole("dialog").getByRole("button", { name: "Remove", exact: true }).click();
	await expect(page).toHaveURL(/\/webhooks$/);
	await expect(page.getByRole("link", { name })).toHaveCount(0);
});
