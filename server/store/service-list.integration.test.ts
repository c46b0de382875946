import { afterAll, beforeAll, expect, test } from "vitest";
import { cursorText } from "@/domain/cursor";
import type { Deps } from "@/server/deps";
import { ensureEnvironments } from "@/server/store/environment";
import { readMatrix } from "@/server/store/environment-view";
import { readRollouts } from "@/server/store/rollout-view";
import { countServices, findServices } from "@/server/store/service-list";
import { readServices } from "@/server/store/service-view";
import { readStates } from "@/server/store/standing";
import { type ScratchDatabase, scratchDatabase } from "@/server/store/testing/scratch-database";

let scratch: ScratchDatabase;
let deps: Pick<Deps, "database" | "env">;
beforeAll(async () => {
	scratch = await scratchDatabase();
	const installation = { id: "test01", portBase: 27_900, domain: "localhost", fleet: [] };
	deps = { database: scratch.database, env: { installation } as unknown as Deps["env"] };
	await ensureEnvironments(scratch.database);
});
afterAll(() => scratch.drop());

const numbered = (number: number) => `paged-${String(number).padStart(3, "0")}`;
const make = (name: string, more: { description?: string; owner?: string } = {}) =>
	scratch.database.service.create({ data: { name, createdBy: "mei", ...more } });

test("no service comes twice and none is left out, while others are made before and after the page", async () => {
	const made = Array.from({ length: 95 }, (_, index) => numbered(index * 2));
	await scratch.database.service.createMany({ data: made.map((name) => ({ name, createdBy: "mei" })) });
	const seen: string[] = [];
	for (let after: string | undefined, turn = 0; ; turn++) {
		const page = await findServices(scratch.database, { search: "paged-", after, limit: 10 });
		seen.push(...page);
		if (page.length < 10) break;
		after = page.at(-1);
		await make(`paged-${String(turn).padStart(3, "0")}a-early`);
		await make(`paged-999-${turn}`);
	}
	expect(new Set(seen).size).toBe(seen.length);
	expect(made.filter((name) => !seen.includes(name))).toEqual([]);
});

test("the matrix goes on page by page to the last service, and counts them all", async () => {
	const made = Array.from({ length: 620 }, (_, index) => `wide-${String(index).padStart(3, "0")}`);
	await scratch.database.service.createMany({ data: made.map((name) => ({ name, createdBy: "mei" })) });
	const seen: string[] = [];
	for (let after: string | undefined; ; after = seen.at(-1)) {
		const { services, count } = await readMatrix(deps, { name: "mei", role: "viewer" }, { search: "wide-", after, limit: 200 });
		expect(count.found).toBe(made.length);
		seen.push(...services.map(({ name }) => name));
		if (services.length < 200) break;
	}
	expect(seen).toEqual(made);
});

test("rollouts of one and the same moment page without one twice or left out, while newer ones are made", async () => {
	const at = new Date("2026-01-01T00:00:00Z");
	const row = (number: number, createdAt: Date) => ({
		...{ id: `p${number}`, service: "paged-rollouts", environment: "staging", number, createdAt },
		...{ strategy: "rolling", state: "promoted", toReleaseId: "x", plan: {}, intentHash: "x", startedBy: "mei" },
	});
	await scratch.database.rollout.createMany({ data: Array.from({ length: 45 }, (_, index) => row(index + 1, at)) });
	const seen: number[] = [];
	for (let before: string | undefined, turn = 0; ; turn++) {
		const page = await readRollouts(scratch.database, { service: "paged-rollouts", before, limit: 10 });
		seen.push(...page.map(({ number }) => number));
		const last = page.at(-1);
		if (page.length < 10 || !last) break;
		before = cursorText({ at: last.createdAt, words: [last.service, last.environment], number: last.number });
		await scratch.database.rollout.create({ data: row(1_000 + turn, new Date(at.getTime() + turn + 1)) });
	}
	expect(seen).toEqual(Array.from({ length: 45 }, (_, index) => 45 - index));
});

test("every word is looked for in all that a service says, and its signs mean themselves", async () => {
	await make("found-orders", { description: "Takes 100% of Orders", owner: "shop_floor" });
	await make("found-billing", { description: "Takes money", owner: "shop" });
	const find = (search: string) => findServices(scratch.database, { search });
	expect(await find("TAKES shop")).toEqual(["found-billing", "found-orders"]);
	expect(await find("takes 100%")).toEqual(["found-orders"]);
	expect(await find("shop_floor")).toEqual(["found-orders"]);
	expect(await find("shop%floor")).toEqual([]);
	expect(await countServices(scratch.database, { search: "takes shop" })).toMatchObject({ found: 2, isMore: false });
});

const places = ["staging", "production"] as const;

/** One service for each way to stand; in both environments alike but for `progressing`, `waiting`. */
async function standAll(): Promise<void> {
	const { database } = scratch;
	const lease = { leaseAt: new Date(Date.now() + 3_600_000) };
	await database.host.create({ data: { id: "h1", address: "192.0.2.1", roles: ["gateway"], ...lease } });
	await database.proxy.createMany({
		data: ["h1/envoy-1", "h1/envoy-2"].map((id) => ({ id, hostId: "h1", roles: ["gateway"], alive: true, ...lease })),
	});
	const ways = {
		"stands-never": { declared: null, healthy: 0 },
		"stands-first-failed": { declared: null, healthy: 0, rollout: "failed" },
		"stands-healthy": { declared: 2, healthy: 2 },
		"stands-degraded": { declared: 2, healthy: 1 },
		"stands-failed": { declared: 2, healthy: 0 },
		"stands-stopped": { declared: 0, healthy: 0 },
		"stands-held": { declared: 1, healthy: 1, held: 1 },
		"stands-progressing": { declared: 1, healthy: 0, rollout: "running" },
		"stands-asking": { declared: 1, healthy: 1, rollout: "awaiting-approval" },
		"stands-waiting": { declared: 1, healthy: 1, rollout: "waiting" },
	} as const;
	let address = 0;
	for (const [service, way] of Object.entries(ways)) {
		await make(service, { owner: service === "stands-degraded" ? "unlucky" : "lucky" });
		const workload = { instances: way.declared ?? 1, exposed: true };
		if (way.declared !== null) {
			const manifest = { service, environments: { staging: workload, production: workload } };
			await database.release.create({
				data: {
					id: `${service}-r1`,
					service,
					number: 1,
					repository: service,
					digest: "d",
					manifest,
					configHash: "c",
					createdBy: "mei",
				},
			});
		}
		for (const environment of places) {
			await database.serviceEnvironment.create({
				data: {
					...{ service, environment, virtualAddress: `10.254.9.${++address}` },
					stableReleaseId: way.declared === null ? null : `${service}-r1`,
				},
			});
			if ("rollout" in way) {
				await database.rollout.create({
					data: {
						...{ id: `${service}/${environment}`, service, environment, number: 1, strategy: "rolling", state: way.rollout },
						...{ toReleaseId: `${service}-r1`, plan: {}, intentHash: "x", startedBy: "mei", reason: "It waits for a proxy." },
					},
				});
			}
			const held = "held" in way ? way.held : 0;
			for (let index = 0; index < way.healthy + held + (way.declared === 2 ? 2 - way.healthy : 0); index++) {
				const id = `${service}-${environment}-${index}`;
				const isWell = index < way.healthy;
				await database.instance.create({
					data: {
						...{
							id,
							service,
							environment,
							releaseId: `${service}-r1`,
							release: 1,
							hostId: "h1",
							rolloutId: "x",
							observed: "running",
						},
						spec: { ports: [], limits: { memoryBytes: 1, cpus: 1 } },
						phase: index >= way.healthy && held > 0 ? "held" : "serving",
					},
				});
				// Well on one of two proxies is not well.
				await database.proxyEndpoint.createMany({
					data: ["h1/envoy-1", "h1/envoy-2"].map((proxyId, place) => ({
						...{ proxyId, instanceId: id, draining: false, active: 0, quietSamples: 0, at: new Date() },
						health: isWell || place === 0 ? "healthy" : "unhealthy",
					})),
				});
			}
		}
	}
}

/** What the rows of the catalog say, and what the question about all at once says of the same. */
async function bothTellings(): Promise<Record<"rows" | "all", Record<string, string>>> {
	const told = { rows: {} as Record<string, string>, all: {} as Record<string, string> };
	for (const { name, environments } of await readServices(deps, { search: "stands-", limit: 200 })) {
		for (const { environment, state, problem } of environments) {
			const isTroubled = problem !== null || state === "failed" || state === "degraded";
			told.rows[`${name}/${environment}`] = `${state}${isTroubled ? "!" : ""}`;
		}
	}
	for (const { state, environment, troubled, services } of await readStates(scratch.database)) {
		for (const name of services.filter((one) => one.startsWith("stands-"))) {
			told.all[`${name}/${environment}`] = `${state}${troubled ? "!" : ""}`;
		}
	}
	return told;
}

test("a state is the same where one service is looked at and where all are counted, and is found by filter and search", async () => {
	await standAll();
	const { rows, all } = await bothTellings();
	expect(all).toEqual(rows);
	expect(new Set(Object.values(rows))).toEqual(
		new Set([
			"never-deployed",
			"failed!",
			"healthy",
			"degraded!",
			"stopped",
			"healthy!",
			"progressing",
			"progressing!",
			"awaiting-approval",
		]),
	);
	const find = (wish: Parameters<typeof findServices>[1]) => findServices(scratch.database, wish);
	expect(await find({ state: "awaiting-approval" })).toEqual(["stands-asking"]);
	expect(await find({ show: "rollout", search: "stands" })).toEqual(["stands-asking", "stands-progressing", "stands-waiting"]);
	expect(await find({ show: "trouble", search: "stands" })).toEqual(await find({ troubled: true, search: "stands" }));
	expect(await find({ state: "degraded" })).toEqual(["stands-degraded"]);
	expect(await find({ state: "degraded", search: "lucky stands" })).toEqual(["stands-degraded"]);
	expect(await find({ state: "degraded", search: "orders" })).toEqual([]);
	expect(await find({ state: "failed", environment: "staging", after: "stands-failed" })).toEqual(["stands-first-failed"]);
	expect(await find({ troubled: true, search: "stands" })).toEqual([
		...["stands-degraded", "stands-failed", "stands-first-failed", "stands-held", "stands-waiting"],
	]);
	expect(await countServices(scratch.database, { state: "failed" })).toMatchObject({ found: 2 });

	await scratch.database.proxy.updateMany({ data: { leaseAt: new Date(0) } });
	const silent = await bothTellings();
	expect(silent.all).toEqual(silent.rows);
	expect(silent.rows["stands-healthy/staging"]).toBe("unknown!");
});
