import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect, type Page, test } from "@playwright/test";
import Docker from "dockerode";
import { api } from "./support/api";
import { sluice, trySluice } from "./support/command";
import { runInEnvironment } from "./support/fleet";
import { forwarderAddress } from "./support/installation";
import { look, lookChinese, lookNarrow } from "./support/look";
import { makeRedisImages } from "./support/redis-image";
import { signIn } from "./support/sign-in";

/** A service that is only an image: a real Redis keeps its data while another version takes its place. */
const name = `cache-${Date.now().toString(36)}`;
const environment = "staging";

test.beforeAll(async () => {
	test.setTimeout(300_000);
	const tags = [`${name}:7`, `${name}:8`];
	await makeRedisImages(tags);
	for (const tag of tags) {
		await sluice(["image", "push", tag]);
		await new Docker().getImage(tag).remove();
	}
});

test("an image is run from the page, keeps its data when another takes its place, and the downtime is said", async ({ page }) => {
	await signIn(page);
	await runImage(page);
	await expect(page.getByRole("heading", { level: 1 }).locator("..")).toContainText("Promoted", { timeout: 180_000 });
	expect(await redis("set", "story", "kept")).toBe("OK");

	const [held] = await volumes();
	expect(held).toMatchObject({ service: name, environment, name: "data", removedAt: null });
	const refused = await trySluice(["volume", "remove", name, "data", "--env", environment]);
	expect([refused.code, refused.errors]).toEqual([5, expect.stringContaining(`sluice stop ${name} --env ${environment}`)]);

	await deployByCommand();
	expect(await redis("get", "story")).toBe("kept");
	await expectDowntime(page, 2);
	expect(await volumes()).toMatchObject([{ id: held?.id, host: held?.host }]);
});

test("a volume is refused beside what runs two releases at once, and the place is named", async () => {
	const manifest = manifestOf("8").replace("recreate: {}", "rolling: {}");
	const { code, errors } = await withFile(manifest, (file) => trySluice(["deploy", "-f", file, "--env", environment]));
	expect(code).toBe(2);
	expect(errors).toMatch(/sluice\.yaml:\d+:\d+: rolling runs two releases at once, .* write `strategy: \{recreate: \{\}\}`/);
});

test("when it is stopped its data stays, until a person removes it", async () => {
	await sluice(["stop", name, "--env", environment, "--yes", "--watch"]);
	expect(await volumes()).toMatchObject([{ heldBy: null, removedAt: null }]);
	await sluice(["volume", "remove", name, "data", "--env", environment, "--yes"]);
	await expect.poll(volumes, { timeout: 60_000 }).toEqual([]);
});

const volumes = () => api().volume.list.query({ service: name });

async function runImage(page: Page): Promise<void> {
	await page.goto("/create");
	await page.getByRole("link", { name: "Or run an image, such as a database." }).click();
	await page.getByLabel("Name", { exact: true }).fill(name);
	await page.getByLabel("Image", { exact: true }).fill(`${name}:7`);
	await page.getByLabel("Ports", { exact: true }).fill("6379");
	await page.getByLabel("Volume path").fill("/data");
	await expect(page.getByText(`It is a valid manifest of the service ${name}.`)).toBeVisible();
	await look(page, "create-image");
	await lookNarrow(page, "create-image");
	await page.getByRole("button", { name: "Deploy to staging" }).click();
	await page.waitForURL(/\/rollouts\/1$/, { timeout: 60_000 });
}

/** By hand, as a team would that keeps the manifest in its repository. */
async function deployByCommand(): Promise<void> {
	await withFile(manifestOf("8"), (file) => sluice(["deploy", "-f", file, "--env", environment, "--watch"]));
}

async function expectDowntime(page: Page, number: number): Promise<void> {
	await page.goto(`/services/${name}/${environment}/rollouts/${number}`);
	await expect(page.getByTestId("downtime")).toHaveText(/No instance serves between stop and start\./);
	await look(page, "rollout-recreate");
	await lookChinese(page, "rollout-recreate");
	const { events, state } = await api().rollout.get.query({ service: name, environment, number });
	expect(state).toBe("promoted");
	const told = events.toReversed().map(({ message }) => message);
	expect(told[0]).toContain("by recreate: no instance serves between stop and start");
	const at = (what: RegExp) => told.findIndex((message) => what.test(message));
	expect(at(/^h\d pulls the image of release 2 before anything is stopped$/)).toBe(1);
	expect(at(/^Stopping /)).toBeGreaterThan(at(/^Draining /));
	expect(at(/ is gone$/)).toBeGreaterThan(at(/^Stopping /));
	expect(at(/ of release 2 placed on /)).toBeGreaterThan(at(/ is gone$/));
}

/** In a container of the environment, by the service's name. */
async function redis(...words: readonly string[]): Promise<string> {
	const [volume] = await volumes();
	const [release] = await api().release.list.query({ service: name });
	const image = `${forwarderAddress()}/${name}@${release?.digest}`;
	const argv = ["redis-cli", "-h", `${name}.internal`, ...words];
	return runInEnvironment(volume?.host ?? "", environment, image, argv);
}

async function withFile<Answer>(manifest: string, use: (file: string) => Promise<Answer>): Promise<Answer> {
	const folder = mkdtempSync(`${tmpdir()}/sluice-image-`);
	try {
		writeFileSync(`${folder}/sluice.yaml`, manifest);
		return await use(`${folder}/sluice.yaml`);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

function manifestOf(tag: string): string {
	return `apiVersion: score.dev/v1b1
metadata: {name: ${name}}
containers:
  main:
    image: ${name}:${tag}
    resources: {limits: {memory: 128Mi, cpu: 200m}}
    volumes: [{source: "\${resources.data}", target: /data}]
service: {ports: {tcp: {port: 6379}}}
resources: {data: {type: volume}}
---
apiVersion: sluice.dev/v1
kind: Delivery
metadata: {name: ${name}}
ports: {tcp: {protocol: tcp}}
health: {tcp: tcp}
strategy:
  recreate: {}
environments: {staging: {}, production: {}}
`;
}
