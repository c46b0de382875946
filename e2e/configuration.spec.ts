import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import { machineDirectory, pathsOf } from "@/domain/installation";
import { api } from "./support/api";
import { BenchService } from "./support/bench-service";
import { sluice, trySluice } from "./support/command";
import { home, installationId } from "./support/installation";
import { look } from "./support/look";
import { signIn } from "./support/sign-in";
import { filesHolding } from "./support/traces";

/** A secret goes from a person to an instance, and is nowhere else on the way. */
const planted = "planted-secret-6d0f2c9b";
const plantedKey = `-----BEGIN KEY-----\nplanted-key-88ac17e3\n-----END KEY-----\n`;
/** What is found, so that what is not found means something. */
const visible = "visible-level-4bb1";
let service: BenchService;

const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");

/** Says what it was given without giving it away. */
const program = `
const { createHash } = require("node:crypto"); const { readFileSync, statSync } = require("node:fs");
const hash = (text) => createHash("sha256").update(text ?? "").digest("hex");
const file = "/run/secrets/tls.key";
require("node:http").createServer((request, response) => response.end(JSON.stringify({
	level: process.env.LOG_LEVEL, key: hash(process.env.API_KEY), file: hash(readFileSync(file)), mode: (statSync(file).mode & 0o777).toString(8),
}))).listen(8080);`;

const wishes = {
	command: ["node", "-e", program.replaceAll("\n", " ")],
	variables: { LOG_LEVEL: `\${config.LOG_LEVEL}`, API_KEY: `\${secret.API_KEY}` },
	environment: `files: {/run/secrets/tls.key: "\${secret.TLS_KEY}"}`,
};

test("configuration and secrets reach the instance and no log, table, document, history or answer", async ({ page }) => {
	service = await BenchService.make("configured");
	await expect(service.deploy(0, wishes)).rejects.toThrow(/sluice\.yaml:\d+:\d+: .* has no secret API_KEY/);

	await signIn(page);
	await fillIn(page);
	await sluice(
		["config", "set", service.name, "TLS_KEY", "--secret", "--env", "staging", "--comment", "from a file"],
		plantedKey,
	);
	const refused = await trySluice(["config", "set", service.name, "API_KEY", planted, "--secret", "--env", "staging"]);
	expect([refused.code, refused.errors]).toEqual([2, expect.stringContaining("never an argument")]);

	await deployChange(page, 1);
	expect(JSON.parse(await service.ask())).toEqual({
		level: visible,
		key: hashOf(planted),
		file: hashOf(plantedKey),
		mode: "400",
	});

	const listed = await sluice(["config", "list", service.name, "--env", "staging"]);
	expect(listed).toContain(visible);
	expect(listed).toMatch(/API_KEY\s+secret\s+set, version 1, by /);
	await changeByCommand();
	await expectNowhere();
});

async function fillIn(page: Page): Promise<void> {
	await page.goto(`/services/${service.name}?tab=configuration&environment=staging`);
	for (const [entry, kind, value] of [
		["LOG_LEVEL", "Plain", visible],
		["API_KEY", "Secret", planted],
	] as const) {
		await page.getByLabel("New entry").fill(entry);
		await page.getByLabel("Kind", { exact: true }).selectOption(kind);
		await page.getByRole("button", { name: "Add", exact: true }).click();
		await page.getByLabel(`Value of ${entry}`).fill(value);
	}
	await look(page, "configuration-draft");
	await page.getByRole("button", { name: "Review 2 changes" }).click();
	const dialog = page.getByRole("dialog");
	await expect(dialog.getByText("a new secret value")).toBeVisible();
	await expect(dialog).not.toContainText(planted);
	await dialog.getByLabel("Why").fill("first values");
	await look(page, "configuration-review");
	await dialog.getByRole("button", { name: "Save version 1" }).click();
	await expect(page.getByText("Version 1 is the newest.")).toBeVisible();
	await expect(page.getByText(/Set, version 1, by/)).toBeVisible();
	await expect(page.locator("main")).not.toContainText(planted);
}

async function deployChange(page: Page, rollout: number): Promise<void> {
	await page.goto(`/services/${service.name}?tab=configuration&environment=staging`);
	await page.getByRole("button", { name: "Deploy this change" }).click();
	await look(page, "configuration-deploy");
	await page
		.getByRole("dialog")
		.getByRole("button", { name: /^Deploy release/ })
		.click();
	await expect(page.getByRole("heading", { level: 1 }).locator("..")).toContainText("Promoted", { timeout: 120_000 });
	expect(page.url()).toContain(`/rollouts/${rollout}`);
	await page.goto(`/services/${service.name}?tab=configuration&environment=staging`);
	await expect(page.getByText(/Release \d+ serves with version 2\./)).toBeVisible();
	await page.getByText("2 changes").click();
	await look(page, "configuration");
}

/** Another value is another release of the same image; going back restores the value that it ran with. */
async function changeByCommand(): Promise<void> {
	await sluice(["config", "set", service.name, "LOG_LEVEL", "debug", "--env", "staging", "--deploy"]);
	expect(JSON.parse(await service.ask())).toMatchObject({ level: "debug", key: hashOf(planted) });
	const releases = await api().release.list.query({ service: service.name });
	const before = releases.find(({ config }) => config.staging === 2);
	await sluice(["deploy", service.name, "--release", String(before?.number), "--env", "staging", "--watch"]);
	expect(JSON.parse(await service.ask())).toMatchObject({ level: visible, key: hashOf(planted) });
}

/** The engines keep variables with their containers, so their folders are the one place that is not looked into. */
async function expectNowhere(): Promise<void> {
	const secrets = [
		planted,
		"planted-key-88ac17e3",
		Buffer.from(planted).toString("base64").slice(0, 24),
		Buffer.from(planted).toString("hex"),
	];
	const id = installationId();
	// The browser's own recording of this test is no part of the product.
	const skipped = [pathsOf(home()).registry, `${home()}/e2e`];
	const database = `${machineDirectory(id)}/postgres`;
	for (const folder of [home(), database]) expect(await filesHolding(folder, secrets, skipped)).toEqual([]);
	expect(await filesHolding(database, [visible])).not.toEqual([]);
	// The history is read too: it names the service, and no value.
	expect(await filesHolding(home(), [`rollout/${service.name}/staging/1`], skipped)).toContain(pathsOf(home()).temporal);
	expect(await filesHolding(`${home()}/hosts`, ["API_KEY"], skipped)).not.toEqual([]);
	for (const pid of readdirSync("/proc").filter((one) => /^\d+$/.test(one))) expect(wordsOf(pid)).not.toContain(planted);
	const answers = {
		page: await api().service.get.query({ service: service.name }),
		config: await api().config.get.query({ service: service.name, environment: "staging" }),
		history: await api().config.history.query({ service: service.name, environment: "staging" }),
		rollout: await api().rollout.get.query({ service: service.name, environment: "staging", number: 1 }),
		audit: await api().audit.list.query({}),
		hosts: await api().host.list.query(),
	};
	expect(JSON.stringify(answers)).toContain("API_KEY");
	for (const secret of secrets) expect(JSON.stringify(answers)).not.toContain(secret);
}

/** A process's arguments; one that is gone has none. */
function wordsOf(pid: string): string {
	try {
		return readFileSync(`/proc/${pid}/cmdline`, "utf8");
	} catch {
		return "";
	}
}
