import { expect, type Page, test } from "@playwright/test";
import { api } from "./support/api";
import { domain, gatewayPort, portalAddress } from "./support/installation";
import { look, lookNarrow } from "./support/look";
import { signIn } from "./support/sign-in";

/** Tests, image build and rollout on a busy machine. */
const creationTimeout = 500_000;

const id = Date.now().toString(36);
const service = `shop-${id}`;
const person = { name: "Ada Second", email: `ada-${id}@example.test`, password: `only-for-ada-${id}` };

test.afterAll(async () => {
	const { users } = await api().user.list.query();
	const found = users.find(({ email, disabledAt }) => email === person.email && disabledAt === null);
	if (found) await api().user.disable.mutate({ id: found.id });
});

test("an invited second person makes a service from a template, watches it reach staging, and opens it", async ({
	page,
	browser,
}) => {
	await signIn(page);
	const link = await inviteSecond(page);
	const context = await browser.newContext({ baseURL: portalAddress(), viewport: { width: 1280, height: 900 } });
	const second = await context.newPage();
	await accept(second, link);
	await expect(second.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Admin" })).toHaveCount(0);
	await create(second);
	await watch(second);
	await open(second);
	await makeToken(second);
	await usedLink(await context.newPage(), link);
	await context.close();
});

async function inviteSecond(page: Page): Promise<string> {
	await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Admin" }).click();
	await expect(page.getByRole("heading", { level: 1, name: "People" })).toBeVisible();
	await page.getByLabel("E-mail").fill(person.email);
	await page.getByLabel("As", { exact: true }).selectOption("developer");
	await page.getByRole("button", { name: "Make an invitation" }).click();
	const link = await page.getByTestId("invitation-link").innerText();
	await look(page, "users");
	await lookNarrow(page, "users");
	return link;
}

async function accept(page: Page, link: string): Promise<void> {
	await page.goto(link);
	await expect(page.getByText(`${person.email} gets an account here`)).toBeVisible();
	await look(page, "invitation");
	await lookNarrow(page, "invitation");
	await page.getByLabel("Your name").fill(person.name);
	await page.getByLabel("Password").fill("short");
	await expect(page.getByRole("button", { name: "Make my account" })).toBeDisabled();
	await page.getByLabel("Password").fill(person.password);
	await page.getByRole("button", { name: "Make my account" }).click();
	await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
}

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
	await expect(page.getByLabel("Owner")).toHaveValue(person.name);
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
async function watch(page: Page): Promise<void> {
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

async function open(page: Page): Promise<void> {
	const gateway = (await api().host.list.query()).find(({ roles }) => roles.includes("gateway"));
	const answer = await page.request.get(`http://${gateway?.address}:${gatewayPort()}/`, {
		headers: { host: `${service}.staging.${domain()}:${gatewayPort()}` },
	});
	expect(await answer.json()).toMatchObject({ service });
	await page.getByRole("link", { name: `Open the service ${service}` }).click();
	await expect(page.getByRole("heading", { level: 1, name: service })).toBeVisible();
	await expect(page.getByText("2 of 2 healthy").first()).toBeVisible();
	const [pipeline] = await api().pipeline.list.query({ repository: service });
	expect(pipeline).toMatchObject({ author: person.name, pushedBy: person.name, state: "passed", tests: "passed" });
}

async function makeToken(page: Page): Promise<void> {
	await page.goto("/profile");
	await page.getByLabel("New token for").fill("git on my laptop");
	await page.getByRole("button", { name: "Make a token" }).click();
	const token = await page.getByTestId("new-token").innerText();
	const me = async () => {
		const headers = { authorization: `Bearer ${token}` };
		return (await fetch(`${portalAddress()}/api/trpc/session.me`, { headers })).status;
	};
	expect(await me()).toBe(200);
	await look(page, "profile-tokens");
	await lookNarrow(page, "profile-tokens");
	await page.getByRole("button", { name: "Revoke git on my laptop" }).click();
	await expect.poll(me).toBe(401);
}

async function usedLink(page: Page, link: string): Promise<void> {
	await page.goto(link);
	await expect(page.getByText("was used already")).toBeVisible();
	await look(page, "invitation-used");
}
