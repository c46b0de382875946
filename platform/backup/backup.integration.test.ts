import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ensureAuditKey } from "@/adapters/audit/key";
import { createBareRepository, repositoryPath } from "@/adapters/git/bare";
import { git } from "@/adapters/git/run";
import { machineDirectory, pathsOf, portOf } from "@/domain/installation";
import { systemActor } from "@/domain/roles";
import { readEnv } from "@/server/env";
import { checkpointAudit } from "@/server/services/audit-checkpoint";
import { verifyAudit } from "@/server/services/audit-verify";
import { recordAudit } from "@/server/store/audit";
import { openDatabase } from "@/server/store/client";
import { holdScratchServer } from "@/server/store/testing/scratch-server";
import { tryCommand } from "../command";
import { engineAt, engineSocket } from "../docker-engine";
import { findRemains } from "../remains";
import { checkout, ownProgram } from "../setup";
import { endSupervisor } from "../supervisor/control";
import { endMarked } from "../supervisor/end-marked";

/**
 * The commands themselves, as a person types them: a backup of an installation whose Postgres is the test's own, and its
 * restore into a Postgres that the restore makes. Nothing else of an installation is started.
 */
const installation = { id: "zzrest", portBase: 26_500, domain: "localhost", fleet: ["h1"] };
let folder: string;
let url: string;
let release: () => Promise<void>;

beforeAll(async () => {
	folder = mkdtempSync(`${tmpdir()}/sluice-backup-`);
	const server = await holdScratchServer();
	release = server.release;
	const client = new pg.Client({ connectionString: server.url });
	await client.connect();
	await client.query("create database backed_up");
	await client.end();
	const named = new URL(server.url);
	named.pathname = "/backed_up";
	url = named.href;
	await makeInstallation(`${folder}/old`);
});
afterAll(async () => {
	await endEverything(`${folder}/new`);
	await release();
	rmSync(folder, { recursive: true });
});

async function endEverything(home: string): Promise<void> {
	await endSupervisor(home, "installation", 20_000);
	await endMarked(home, () => true);
}

async function makeInstallation(home: string): Promise<void> {
	const paths = pathsOf(home);
	for (const part of [paths.run, paths.repositories]) mkdirSync(part, { recursive: true });
	mkdirSync(paths.secrets, { mode: 0o700 });
	writeFileSync(paths.installation, JSON.stringify(installation));
	writeFileSync(paths.servers, JSON.stringify({ databaseUrl: url, temporalAddress: null, generation: "x" }), { mode: 0o600 });
	writeFileSync(paths.databasePassword, "only-for-this-test", { mode: 0o600 });
	writeFileSync(paths.configKey, "the key of all secrets", { mode: 0o600 });
	// What an operator wrote, and what nobody here knows of.
	for (const [file, text] of Object.entries(ofOperator)) {
		mkdirSync(dirname(`${home}/${file}`), { recursive: true });
		writeFileSync(`${home}/${file}`, text);
	}
	const { migrate } = await import("@/prisma/migrate");
	await migrate(url);
	await query(url, "insert into environment (name, position) values ('staging', 1)");
	await query(url, "insert into service (name, \"createdBy\") values ('orders', 'a\tb\\n''ü')");
	await query(
		url,
		`insert into service_environment (service, environment, "virtualAddress", "trafficRevision", traffic)
		values ('orders', 'staging', '10.254.0.1', 7, '{"service":"orders","revision":7,"no":null}')`,
	);
	await query(
		url,
		`insert into host (id, address, roles, "desiredRevision", "reportedRevision") values ('h1', '10.9.0.1', '{node}', 40, 40)`,
	);
	await query(
		url,
		`insert into secret_value (id, service, environment, name, version, ciphertext, nonce, "keyId", "createdBy")
		values ('s', 'orders', 'staging', 'KEY', 1, '\\x00ff5c0a09', '\\x01', 'k', 'u')`,
	);
	await query(
		url,
		`insert into volume (id, service, environment, name, "hostId", "removedAt") values
		('v1', 'orders', 'staging', 'data', 'h1', null), ('v2', 'orders', 'staging', 'old', 'h1', now())`,
	);
	await withTrail(home, url, async (trail) => {
		const row = { action: "test.write", subjectKind: "test", subject: "t", summary: "before the backup" };
		for (let n = 0; n < 3; n += 1) await recordAudit(trail.database, systemActor, row);
		await checkpointAudit(trail);
	});
	await createBareRepository(repositoryPath(paths.repositories, "orders"), "main");
	await createBareRepository(repositoryPath(paths.repositories, "nothing"), "trunk");
	const path = repositoryPath(paths.repositories, "orders");
	const tree = (await git(["--git-dir", path, "hash-object", "-t", "tree", "-w", "/dev/null"])).trim();
	const who = { GIT_AUTHOR_NAME: "a", GIT_AUTHOR_EMAIL: "a@b", GIT_COMMITTER_NAME: "a", GIT_COMMITTER_EMAIL: "a@b" };
	const commit = (await git(["--git-dir", path, "commit-tree", "-m", "first", tree], who)).trim();
	await git(["--git-dir", path, "update-ref", "refs/heads/main", commit], who);
	await git(["--git-dir", path, "update-ref", "refs/tags/v1", commit], who);
}

const ofOperator = {
	"webhook.json": '{"networks": ["10.20.0.0/16"]}',
	"import.json": '{"networks": ["10.21.0.0/16"]}',
	"images.json": '{"networks": ["10.22.0.0/16"]}',
	"company.pem": "a certificate",
	"later/version.json": "{}",
};

type Trail = Parameters<typeof verifyAudit>[0];

/** The audit trail of this home, with its own key, in that database. */
async function withTrail<T>(home: string, databaseUrl: string, work: (trail: Trail) => Promise<T>): Promise<T> {
	const env = readEnv({ SLUICE_HOME: home, DATABASE_URL: databaseUrl });
	const database = openDatabase(databaseUrl, () => ensureAuditKey(env.paths.auditKey), 2);
	try {
		return await work({ database, env });
	} finally {
		await database.$disconnect();
	}
}

async function query(databaseUrl: string, sql: string): Promise<Record<string, unknown>[]> {
	const client = new pg.Client({ connectionString: databaseUrl });
	await client.connect();
	try {
		return (await client.query<Record<string, unknown>>(sql)).rows;
	} finally {
		await client.end();
	}
}

async function sluice(home: string, ...words: string[]): Promise<{ code: number; tail: string }> {
	const env = { ...process.env, SLUICE_HOME: home, TSX_TSCONFIG_PATH: `${checkout}/tsconfig.json` };
	const { DATABASE_URL: _, ...rest } = env as Record<string, string | undefined>;
	return tryCommand(ownProgram(checkout, "cli/main.ts", ...words), { env: rest });
}

const urlOf = (home: string) =>
	`postgresql://sluice:${readFileSync(pathsOf(home).databasePassword, "utf8").trim()}@127.0.0.1:${portOf(installation.portBase, "postgres")}/sluice`;

it("a backup restores into an empty machine with all rows, refs and secrets, and with revisions that hosts obey", async () => {
	const file = `${folder}/backup`;
	const made = await sluice(`${folder}/old`, "backup", file);
	expect(made).toMatchObject({ code: 0 });
	// The data of services is on their hosts: whose is missing is said, of those that are still there.
	expect(made.tail).toContain("Not in it: the volume data of orders in staging, on h1.");
	expect(made.tail).not.toContain("the volume old");
	expect(statSync(file).mode & 0o777).toBe(0o600);

	const home = `${folder}/new`;
	const before = await query(url, "select * from secret_value");
	const restored = await sluice(home, "restore", file, "--no-start");
	expect(restored, restored.tail).toMatchObject({ code: 0 });
	expect(await query(urlOf(home), "select * from secret_value")).toEqual(before);
	expect(await query(urlOf(home), 'select "createdBy" as by from service')).toEqual(
		await query(url, 'select "createdBy" as by from service'),
	);
	expect(readFileSync(pathsOf(home).configKey, "utf8")).toBe("the key of all secrets");
	expect(statSync(pathsOf(home).configKey).mode & 0o777).toBe(0o600);
	for (const [name, text] of Object.entries(ofOperator)) {
		expect(readFileSync(`${home}/${name}`, "utf8")).toBe(text);
		expect(statSync(`${home}/${name}`).mode & 0o777).toBe(0o600);
	}
	expect(restored.tail).toContain("Not in the backup: the volume data of orders in staging, on h1.");
	// Addresses of servers of one's own are of the old machine.
	expect(existsSync(pathsOf(home).servers)).toBe(false);

	const [host] = await query(urlOf(home), 'select "desiredRevision" as revision, "reportedRevision" as reported from host');
	const [service] = await query(urlOf(home), `select "trafficRevision" as revision, traffic from service_environment`);
	// An agent may have got any number of documents since the backup: a million is not as high.
	expect(Number(host?.revision)).toBeGreaterThan(1_000_000);
	expect(host?.reported).toBe(0);
	expect(service?.traffic).toEqual({ service: "orders", revision: service?.revision, no: null });
	expect(Number(service?.revision)).toBeGreaterThan(1_000_000);
	const audit = await query(urlOf(home), "select action from audit where action = 'platform.restore'");
	expect(audit).toHaveLength(1);
	// Its key and checkpoints came along: the trail is whole, and goes on with the restore itself.
	expect(await withTrail(home, urlOf(home), (trail) => verifyAudit(trail, null))).toMatchObject({
		...{ problem: null, next: null, rows: 4, to: "4", checkpoints: 1, newestCheckpoint: { entry: "3" } },
	});

	const refs = (of: string) => git(["--git-dir", repositoryPath(pathsOf(of).repositories, "orders"), "for-each-ref"]);
	expect(await refs(home)).toBe(await refs(`${folder}/old`));
	const head = await git(["--git-dir", repositoryPath(pathsOf(home).repositories, "nothing"), "symbolic-ref", "HEAD"]);
	expect(head.trim()).toBe("refs/heads/trunk");

	// Not into a home that has something, and not beside itself.
	expect(await sluice(home, "restore", file, "--no-start")).toMatchObject({
		code: 5,
		tail: expect.stringContaining("not empty"),
	});
	const beside = await sluice(`${folder}/beside`, "restore", file, "--no-start");
	expect(beside).toMatchObject({ code: 5, tail: expect.stringContaining("on this machine already") });
	expect(existsSync(`${folder}/beside`)).toBe(false);
});

it("uninstall leaves nothing: what it had on this machine is listed before and after", async () => {
	const home = `${folder}/new`;
	const { id } = installation;
	const engine = engineAt(engineSocket());
	await engine.createNetwork({ Name: `sluice-${id}-staging`, Labels: { "dev.sluice.installation": id } });
	await engine.createVolume({ Name: `sluice-${id}-data`, Labels: { "dev.sluice.installation": id } });
	const data = `sluice-${id}-cache-staging-data-000001`;
	await engine.createVolume({ Name: data, Labels: { "dev.sluice.installation": id, "dev.sluice.volume": "data" } });
	const sockets = `/run/sluice/${id}/h1/secrets`;
	mkdirSync(sockets, { recursive: true });
	for (const argv of [
		["ip", "netns", "add", `sluice-${id}-h1`],
		["ip", "link", "add", `sluicef-${id}`, "type", "bridge"],
		["iptables", "-w", "-I", "DOCKER-USER", "-i", `sluicef-${id}`, "-o", `sluicef-${id}`, "-j", "ACCEPT"],
		["mount", "-t", "tmpfs", "sluice-secrets", sockets],
	])
		expect(await tryCommand(argv)).toMatchObject({ code: 0 });
	const own = async () => (await findRemains(engineSocket())).filter(({ installation: of }) => of === id);
	const kinds = new Set((await own()).map(({ kind }) => kind));
	expect([...kinds].sort()).toEqual(["folder", "interface", "mount", "namespace", "network", "rule", "volume"]);
	// Of another installation, by name almost the same.
	const other = await engine.createNetwork({ Name: "sluice-zzresu-staging", Labels: { "dev.sluice.installation": "zzresu" } });
	const ofOther = async () => (await findRemains(engineSocket())).filter(({ installation: of }) => of === "zzresu").length;

	await endEverything(home);
	const removed = await sluice(home, "uninstall", "--yes");
	expect(removed, removed.tail).toMatchObject({ code: 0, tail: expect.stringContaining("--with-cache") });
	// What a service wrote is nobody's to remove but a person's.
	expect((await own()).map(({ name }) => name)).toEqual([data]);
	await engine.getVolume(data).remove();
	expect([home, machineDirectory(id), `/run/sluice/${id}`].filter((path) => existsSync(path))).toEqual([]);
	expect(await ofOther()).toBe(1);
	await other.remove();
	expect(await sluice(home, "uninstall", "--yes")).toMatchObject({ code: 4 });
});

it("a restore that fails leaves nothing, and one of a damaged file makes nothing", async () => {
	const file = `${folder}/backup`;
	const changed = readFileSync(file);
	changed.writeUInt8((changed[changed.length - 6] ?? 0) ^ 1, changed.length - 6);
	writeFileSync(`${folder}/damaged`, changed);
	const home = `${folder}/none`;
	expect(await sluice(home, "restore", `${folder}/damaged`, "--no-start")).toMatchObject({ code: 2 });
	expect([existsSync(home), existsSync(machineDirectory(installation.id))]).toEqual([false, false]);
});
