import { mkdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createBareRepository, repositoryPath } from "@/adapters/git/bare";
import { git } from "@/adapters/git/run";
import { parseManifest } from "@/domain/manifest/parse";
import type { BuildRecord, FoundPackage } from "@/domain/provenance/model";
import type { ServiceTraffic } from "@/domain/traffic/model";
import { setConfig } from "@/server/services/config";
import { saveBuildRecord } from "@/server/store/build-record";
import { readMatrix } from "@/server/store/environment-view";
import { readGateway } from "@/server/store/gateway-view";
import { recordRelease } from "@/server/store/release";
import { compareReleases } from "@/server/store/release-comparison";
import { appendEvents } from "@/server/store/rollout-event";
import { ensureServiceEnvironment, publishTraffic, setStableRelease } from "@/server/store/traffic";
import { openTestPortal, type TestPortal } from "@/server/testing/portal";

/** What the pages of environments, releases and the gateway are told, of rows as the platform leaves them. */
let portal: TestPortal;
const service = "orders";
const planted = "planted-secret-4f1c9e";
const commits: string[] = [];

beforeAll(async () => {
	portal = await openTestPortal();
	const { database, env } = portal.deps;
	await database.service.create({ data: { name: service, createdBy: "mei", repository: service } });
	await database.repository.create({ data: { name: service, createdBy: "mei" } });
	const path = repositoryPath(env.paths.repositories, service);
	mkdirSync(env.paths.repositories, { recursive: true });
	await createBareRepository(path, "main");
	const tree = (await git(["--git-dir", path, "hash-object", "-t", "tree", "-w", "/dev/null"])).trim();
	const who = { GIT_AUTHOR_NAME: "mei", GIT_AUTHOR_EMAIL: "m@x", GIT_COMMITTER_NAME: "mei", GIT_COMMITTER_EMAIL: "m@x" };
	for (const message of ["one", "two", "three"]) {
		const parent = commits.at(-1);
		const argv = ["--git-dir", path, "commit-tree", tree, "-m", message, ...(parent ? ["-p", parent] : [])];
		commits.push((await git(argv, who)).trim());
	}
	for (const environment of ["staging", "production"]) await ensureServiceEnvironment(database, service, environment);
});
afterAll(() => portal.close());

const yaml = (colour: string) => `apiVersion: score.dev/v1b1
metadata: {name: ${service}}
containers: {main: {image: .}}
service: {ports: {http: {port: 8080}}}
---
apiVersion: sluice.dev/v1
kind: Delivery
metadata: {name: ${service}}
environments:
  staging: {variables: {COLOUR: ${colour}, API_KEY: "\${secret.API_KEY}"}}
  production: {variables: {COLOUR: ${colour}}}
`;

async function release(index: number, colour: string, packages: readonly FoundPackage[], commit: string) {
	const { database } = portal.deps;
	const pipelineId = `p${index}`;
	const pipeline = { id: pipelineId, repository: service, number: index, branch: "main", commit, pushedBy: "mei" };
	await database.pipeline.create({ data: pipeline });
	const record: BuildRecord = {
		...{ builder: { installation: "test01", engine: "28" }, startedAt: "", endedAt: "", context: ".", target: null },
		...{ dockerfile: { path: "Dockerfile", sha256: "" }, arguments: {}, imageId: "", packages, problem: null },
		bases: [{ reference: `node:${index}`, imageId: null, parts: [] }],
	};
	await saveBuildRecord(database, pipelineId, record);
	const digest = `sha256:${String(index).padStart(64, "0")}`;
	const manifest = parseManifest(yaml(colour), "sluice.yaml");
	const made = { service, repository: service, digest, manifest, createdBy: "mei", commit, commitMessage: "", pipelineId };
	return database.$transaction((tx) => recordRelease(tx, made));
}

describe("two releases and two environments", () => {
	it("differ by commits, manifest, configuration and packages, and a secret by its version only", async () => {
		const set = (base: number, value: string) =>
			setConfig(portal.deps, portal.actor("developer"), {
				...{ service, environment: "staging", base, comment: "" },
				changes: [{ kind: "secret", name: "API_KEY", value }],
			});
		await set(0, planted);
		const first = await release(1, "red", [{ kind: "npm", name: "ws", version: "8.1.0" }], commits[0] ?? "");
		await set(1, `${planted}-2`);
		const second = await release(2, "green", [{ kind: "npm", name: "ws", version: "8.2.0" }], commits[2] ?? "");
		const between = (from: number, to: number, role: "viewer" | "developer" = "developer") =>
			compareReleases(portal.deps, portal.actor(role), { service, from, to });
		const found = await between(first.number, second.number);
		expect(found.added?.commits.map(({ message }) => message)).toEqual(["three", "two"]);
		expect(found.removed).toEqual({ commits: [], isCut: false });
		expect(found.manifest).toContainEqual({ path: "environments.staging.variables.COLOUR", from: "red", to: "green" });
		expect(found.config).toMatchObject([
			{ environment: "staging", from: 1, to: 2, changes: [{ name: "API_KEY", change: "changed" }] },
		]);
		expect(found.build?.packages).toEqual([{ kind: "npm", name: "ws", from: ["8.1.0"], to: ["8.2.0"] }]);
		expect(found.build?.bases).toEqual({ from: ["node:1"], to: ["node:2"] });
		expect(JSON.stringify([found, await between(second.number, first.number, "viewer")])).not.toContain(planted);
		expect((await between(second.number, first.number)).removed?.commits).toHaveLength(2);
		await expect(between(1, 99)).rejects.toThrow("orders has no release 99");
	});

	it("drift by what lies between, and what may not be promoted says why", async () => {
		const { database } = portal.deps;
		const [old, young] = await database.release.findMany({ where: { service, baseReleaseId: null }, orderBy: { number: "asc" } });
		const release = young?.number;
		await setStableRelease(database, service, "staging", young?.id ?? "");
		const cell = async (role: "viewer" | "developer") =>
			(await readMatrix(portal.deps, portal.actor(role), {})).services.find(({ name }) => name === service)?.cells[1];
		const drifting = async (environment?: string) =>
			(await readMatrix(portal.deps, portal.actor("viewer"), { show: "drift", environment })).services.map(({ name }) => name);
		expect(await cell("developer")).toMatchObject({ drift: { relation: "new", release }, refusal: null });
		expect(await drifting()).toEqual([service]);
		await setStableRelease(database, service, "production", old?.id ?? "");
		expect(await cell("developer")).toMatchObject({
			drift: { environment: "staging", relation: "ahead", release, releases: 1, commits: 2, isCut: false },
			refusal: null,
		});
		expect((await cell("viewer"))?.refusal).toContain("needs the role developer");
		expect([await drifting("production"), await drifting("staging")]).toEqual([[service], []]);
		await setStableRelease(database, service, "production", young?.id ?? "");
		expect((await cell("developer"))?.drift).toBeNull();
		expect(await drifting()).toEqual([]);
	});
});

describe("the gateway's page", () => {
	const endpoint = (instance: string) => ({ instance, address: "10.0.0.1", ports: { http: 20_000 }, state: "active" as const });
	const content = (weights: readonly (readonly [release: number, weight: number])[]): Omit<ServiceTraffic, "revision"> => ({
		...{ service, environment: "staging", virtualAddress: "10.254.0.1", requestTimeoutMs: 0, streamIdleTimeoutMs: 0 },
		gatewayHosts: ["orders.staging.localhost"],
		ports: [{ name: "http", port: 8080, protocol: "http" }],
		releases: weights.map(([release, weight]) => ({
			...{ release, weight, health: { kind: "tcp", port: "http", path: "" } as const },
			endpoints: [endpoint(`i${release}`)],
		})),
	});

	it("tells who obeys what is published, and from what a proxy that does not yet would go to it", async () => {
		const { database } = portal.deps;
		const leaseAt = new Date(Date.now() + 600_000);
		await database.host.create({
			data: { id: "h1", address: "10.0.0.1", roles: ["gateway"], memoryBytes: 1n << 30n, cpus: 2, leaseAt },
		});
		const proxy = (id: string, lease: Date | null) =>
			database.proxy.create({
				data: { id: `h1/${id}`, hostId: "h1", roles: ["gateway"], alive: lease !== null, leaseAt: lease },
			});
		for (const id of ["now", "late", "refuses", "new"]) await proxy(id, leaseAt);
		await proxy("silent", null);
		const stable = await database.release.findFirstOrThrow({ where: { service } });
		const rollout = {
			id: "r1",
			service,
			environment: "staging",
			number: 1,
			strategy: "canary",
			plan: {},
			intentHash: "",
			startedBy: "mei",
		};
		await database.rollout.create({ data: { ...rollout, toReleaseId: stable.id } });
		const shares = [
			[[1, 100]],
			[
				[1, 90],
				[2, 10],
			],
		] as const;
		for (const [revision, weights] of shares.entries()) {
			const { traffic } = await database.$transaction((tx) => publishTraffic(tx, service, "staging", () => content(weights)));
			const releases = traffic.releases.map(({ release, weight }) => ({
				release,
				weight,
				endpoints: [{ instance: `i${release}`, phase: "serving" }],
			}));
			const data = { revision: traffic.revision, intent: { releases } };
			await appendEvents(database, "r1", [{ kind: "publish", key: `publish/${revision}`, message: "", data }]);
		}
		const ack = (id: string, revision: number, verdict = "ack", message: string | null = null) =>
			database.proxyAck.create({
				data: { proxyId: `h1/${id}`, service, environment: "staging", revision, verdict, message, at: new Date() },
			});
		await ack("now", 2);
		await ack("late", 1);
		await ack("refuses", 2, "nack", "no such cluster");
		await ack("silent", 2);
		const { proxies, routes } = await readGateway(database, "ORD");
		expect(proxies.map(({ id, silentSince }) => [id, silentSince === null])).toEqual([
			["h1/late", true],
			["h1/new", true],
			["h1/now", true],
			["h1/refuses", true],
			["h1/silent", false],
		]);
		const [route] = routes;
		expect(route).toMatchObject({ revision: 2, hosts: ["orders.staging.localhost"], releases: [{ weight: 90 }, { weight: 10 }] });
		const words = Object.fromEntries((route?.proxies ?? []).map(({ id, word }) => [id, word]));
		expect(words).toEqual({
			"h1/late": "behind",
			"h1/new": "never",
			"h1/now": "acknowledged",
			"h1/refuses": "refused",
			"h1/silent": "silent",
		});
		const difference = {
			weights: [
				{ release: 1, from: 100, to: 90 },
				{ release: 2, from: null, to: 10 },
			],
			endpoints: [{ instance: "i2", release: 2, from: null, to: "active" }],
		};
		const differences = (route?.proxies ?? []).map(({ id, difference: told }) => [id, told]);
		expect(differences).toEqual([
			["h1/late", difference],
			["h1/new", null],
			["h1/now", null],
			["h1/refuses", difference],
			["h1/silent", null],
		]);
		expect((await readGateway(database, "nobody")).routes).toEqual([]);
	});
});
