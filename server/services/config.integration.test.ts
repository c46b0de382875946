import { afterAll, beforeAll, expect, test } from "vitest";
import { open } from "@/adapters/secrets/cipher";
import { ensureSecretKeys } from "@/adapters/secrets/key-file";
import { parseManifest } from "@/domain/manifest/parse";
import type { Role } from "@/domain/roles";
import { setConfig } from "@/server/services/config";
import { startRollout } from "@/server/services/rollout-start";
import { newestConfig, readSealedSecrets } from "@/server/store/config";
import { readConfig, readConfigDiff, readConfigHistory } from "@/server/store/config-view";
import { recordRelease } from "@/server/store/release";
import { getRolloutByNumber } from "@/server/store/rollout";
import { setStableRelease } from "@/server/store/traffic";
import { openTestPortal, type TestPortal } from "@/server/testing/portal";

let portal: TestPortal;
beforeAll(async () => {
	portal = await openTestPortal();
});
afterAll(() => portal.close());

const planted = "planted-secret-4f1c9e";
const environment = "staging";

const yaml = (service: string) => `apiVersion: score.dev/v1b1
metadata: {name: ${service}}
containers: {main: {image: .}}
service: {ports: {http: {port: 8080}}}
---
apiVersion: sluice.dev/v1
kind: Delivery
metadata: {name: ${service}}
environments:
  staging:
    variables: {LOG_LEVEL: "\${config.LOG_LEVEL}", API_KEY: "\${secret.API_KEY}"}
`;

/** A service with one release of its own for each digest. */
async function seed(service: string, count: number): Promise<{ id: string; number: number }[]> {
	const { database } = portal.deps;
	await database.service.create({ data: { name: service, createdBy: "mei" } });
	const releases: { id: string; number: number }[] = [];
	for (let index = 0; index < count; index += 1) releases.push(await record(service, index));
	return releases;
}

function record(service: string, index: number) {
	const digest = `sha256:${String(index).padStart(64, "0")}`;
	const manifest = parseManifest(yaml(service), "sluice.yaml");
	return portal.deps.database.$transaction((tx) =>
		recordRelease(tx, { service, repository: service, digest, manifest, createdBy: "mei", createdById: "mei-id" }),
	);
}

type Changes = Parameters<typeof setConfig>[2]["changes"];
const set = (service: string, base: number, changes: Changes, role: Role = "developer", where = environment) =>
	setConfig(portal.deps, portal.actor(role), { service, environment: where, base, changes, comment: "because" });
const both: Changes = [
	{ kind: "plain", name: "LOG_LEVEL", value: "info" },
	{ kind: "secret", name: "API_KEY", value: planted },
];

/** As a rollout's workflow leaves it. */
async function promote(service: string, number: number): Promise<void> {
	const { database } = portal.deps;
	const { id, plan } = await getRolloutByNumber(database, service, environment, number);
	await database.rollout.update({ where: { id }, data: { state: "promoted", endedAt: new Date() } });
	await setStableRelease(database, service, environment, plan.to.id);
}

async function deploy(service: string, releaseId: string) {
	const { number } = await startRollout(portal.deps, portal.actor("developer"), {
		service,
		environment,
		releaseId,
		origin: "user",
	});
	const { plan, authorIds } = await getRolloutByNumber(portal.deps.database, service, environment, number);
	return { number, to: plan.to, version: plan.workload.configVersion ?? null, authorIds: [...authorIds].sort() };
}

test("a deploy whose references nothing answers is refused with file, line and column, and nothing moves", async () => {
	const [release] = await seed("empty", 1);
	const refused = deploy("empty", release?.id ?? "");
	await expect(refused).rejects.toThrow("sluice.yaml:11:17: the configuration of empty in staging has no plain value LOG_LEVEL");
	await expect(refused).rejects.toThrow("sluice.yaml:11:51: the configuration of empty in staging has no secret API_KEY");
	expect(await portal.deps.database.rollout.count({ where: { service: "empty" } })).toBe(0);
});

test("a change makes a release of the same image; a rollback restores what it ran with; a new image takes the newest", async () => {
	const service = "orders";
	const [first, second] = await seed(service, 2);
	const one = await set(service, 0, both);
	// Nothing serves: the newest image is what would be deployed first.
	expect(one).toEqual({ version: 1, release: 3, reason: null });
	const started = await deploy(service, first?.id ?? "");
	// The first image's own release pins nothing: the one that does is made, or found.
	expect(started).toMatchObject({ to: { number: 4 }, version: 1 });
	// Of four eyes neither who made the image nor who configured it anew is the second pair.
	expect(started.authorIds).toEqual(["developer", "mei-id"]);
	await promote(service, started.number);

	const two = await set(service, 1, [{ kind: "plain", name: "LOG_LEVEL", value: "debug" }]);
	expect(two).toEqual({ version: 2, release: 5, reason: null });
	const serving = await portal.deps.database.release.findFirstOrThrow({ where: { service, number: 4 } });
	const made = await portal.deps.database.release.findFirstOrThrow({ where: { service, number: 5 } });
	expect([made.digest, made.config, made.baseReleaseId]).toEqual([serving.digest, { staging: 2 }, first?.id]);
	const changed = await deploy(service, made.id);
	expect(changed).toMatchObject({ to: { number: 5 }, version: 2 });
	await promote(service, changed.number);

	// A new image pins the newest version too, and is not what a change of configuration is rolled out with.
	const unrelated = await record(service, 7);
	expect(unrelated.config).toEqual({ staging: 2 });
	const page = await readConfig(portal.deps.database, portal.actor("viewer"), { service, environment });
	expect([page.serving, page.undeployed]).toEqual([{ release: 5, version: 2 }, null]);

	const back = await deploy(service, serving.id);
	expect(back).toMatchObject({ to: { number: 4 }, version: 1 });
	await promote(service, back.number);
	const older = await readConfig(portal.deps.database, portal.actor("viewer"), { service, environment });
	expect([older.serving, older.undeployed]).toEqual([{ release: 4, version: 1 }, 5]);
	const newImage = await deploy(service, second?.id ?? "");
	expect(newImage).toMatchObject({ version: 2 });
	expect(newImage.to.digest).not.toBe(serving.digest);
});

test("the same image and manifest recorded again after a change is a release of its own", async () => {
	const [release] = await seed("again", 1);
	await set("again", 0, both);
	const other = await record("again", 0);
	expect(other.id).not.toBe(release?.id);
	expect((await record("again", 0)).id).toBe(other.id);
});

test("two that change the same version: the second is told, and nothing of it is kept", async () => {
	await seed("twice", 1);
	await set("twice", 0, both);
	await expect(set("twice", 0, both)).rejects.toThrow("has version 1 by now");
	const raced = await Promise.allSettled([set("twice", 1, both), set("twice", 1, both)]);
	expect(raced.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
	expect(await portal.deps.database.secretValue.count({ where: { service: "twice" } })).toBe(2);
});

test("production is refused to a developer and open to an operator; without a service there is nothing to configure", async () => {
	await seed("guarded", 1);
	await expect(set("guarded", 0, both, "developer", "production")).rejects.toThrow("needs the role operator");
	expect((await set("guarded", 0, both, "operator", "production")).version).toBe(1);
	await expect(set("nothing", 0, both)).rejects.toThrow("There is no service nothing");
	await expect(set("guarded", 0, both, "admin", "nowhere")).rejects.toThrow("choose one of staging, production");
});

test("what cannot run with a change is not offered, and told why", async () => {
	await seed("partial", 1);
	const saved = await set("partial", 0, [{ kind: "plain", name: "LOG_LEVEL", value: "info" }]);
	expect(saved).toMatchObject({ version: 1, release: null });
	expect(saved.reason).toContain("has no secret API_KEY");
});

test("no answer shows a secret, and to a viewer no plain value either", async () => {
	const { database } = portal.deps;
	await seed("shown", 1);
	const identity = { service: "shown", environment };
	await set("shown", 0, both);
	await set("shown", 1, [{ kind: "secret", name: "API_KEY", value: `${planted}-2` }]);
	for (const role of ["viewer", "developer", "admin"] as const) {
		const actor = portal.actor(role);
		const answers = JSON.stringify([
			await readConfig(database, actor, identity),
			await readConfigHistory(database, actor, identity),
			await readConfigDiff(database, actor, { ...identity, from: 1, to: 2 }),
		]);
		expect(answers).not.toContain(planted);
		expect(answers.includes("info")).toBe(role !== "viewer");
		expect(answers).toContain(`"setBy":"developer"`);
	}
	const [difference] = await readConfigDiff(database, portal.actor("viewer"), { ...identity, from: 1, to: 2 });
	expect([difference?.before?.secret?.version, difference?.after?.secret?.version]).toEqual([1, 2]);
});

test("the secret is nowhere in the database in plain text, opens with the key, and is audited by name only", async () => {
	const { database, env } = portal.deps;
	await seed("sealed", 1);
	await set("sealed", 0, both);
	const tables = await database.$queryRaw<{ name: string }[]>`
		select tablename as name from pg_tables where schemaname = 'public'`;
	let dump = "";
	for (const { name } of tables) dump += JSON.stringify(await database.$queryRawUnsafe(`select t::text from "${name}" t`));
	expect(dump).toContain("LOG_LEVEL");
	for (const form of [planted, Buffer.from(planted).toString("hex"), Buffer.from(planted).toString("base64").slice(0, 20)]) {
		expect(dump).not.toContain(form);
	}
	const { entries } = await newestConfig(database, { service: "sealed", environment });
	const entry = entries.API_KEY;
	const [secret] = await readSealedSecrets(database, entry?.kind === "secret" ? [entry.secretId] : []);
	if (!secret) throw new Error("no secret");
	const { service, name, version } = secret;
	expect(open(await ensureSecretKeys(env.paths.configKey), { service, environment, name, version }, secret)).toBe(planted);
	const audit = await database.auditRow.findFirstOrThrow({ where: { action: "config.set", subject: "sealed/staging/1" } });
	expect(audit.data).toEqual({ plain: ["LOG_LEVEL"], secrets: ["API_KEY"], removed: [], comment: "because" });
});
