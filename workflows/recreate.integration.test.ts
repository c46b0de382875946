import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { DesiredInstance } from "@/domain/host/model";
import type { ServiceTraffic } from "@/domain/traffic/model";
import { giveUpVolume } from "@/server/services/volume";
import { desiredDocument } from "@/server/store/host";
import { recordVolumes } from "@/server/store/volume";
import { readVolumes } from "@/server/store/volume-view";
import { mei, openTrialServer, RolloutTrial, type TrialServer } from "@/workflows/testing/rollout-trial";

let server: TrialServer;
let trial: RolloutTrial;

beforeAll(async () => {
	server = await openTrialServer();
});
afterAll(async () => server?.temporal.teardown());

const holding = {
	instances: 1,
	strategy: { kind: "recreate" },
	volumes: [{ name: "data", target: "/data", readOnly: false }],
} as const;

beforeEach(async () => {
	trial = await RolloutTrial.open(server, [holding, { ...holding, requestTimeoutMs: 1 }]);
});
afterEach(() => trial.close());

const instances = () => trial.scratch.database.instance.findMany({ orderBy: { createdAt: "asc" } });
const volumeOf = (spec: unknown) => (spec as DesiredInstance).volumes?.[0]?.id;
const data = () => ({ service: trial.service, environment: "staging", name: "data" });

describe("a release that holds a volume", () => {
	it("takes its place when the one before is gone, where the data is, and says the downtime", async () => {
		await trial.ended(await trial.start(1));
		const second = await trial.ended(await trial.start(2));
		expect(second).toMatchObject({ state: "promoted", reason: null });
		const [before, after, ...others] = await instances();
		expect(others).toEqual([]);
		expect(before?.goneAt?.getTime()).toBeLessThanOrEqual(after?.createdAt.getTime() ?? 0);
		expect(after).toMatchObject({ hostId: before?.hostId, release: 2, phase: "serving" });
		expect(volumeOf(after?.spec)).toBe(volumeOf(before?.spec));
		expect(volumeOf(after?.spec)).toMatch(/^sluice-abc123-orders\d+-staging-data-[0-9a-f]{6}$/);
		const events = await trial.scratch.database.rolloutEvent.findMany({ where: { rolloutId: second.id } });
		expect(events.map(({ message }) => message)).toContainEqual(
			expect.stringContaining("by recreate: no instance serves between stop and start"),
		);
	});

	it("whose image cannot be pulled stops nothing: the one before never ends, and its host is asked no longer", async () => {
		await trial.ended(await trial.start(1));
		trial.fleet.unpullable.add(2);
		const second = await trial.ended(await trial.start(2));
		expect(second).toMatchObject({
			state: "rolled-back",
			reason: expect.stringMatching(/^h[12] cannot pull the image of release 2: no such image; nothing was stopped$/),
		});
		const [before, ...others] = await instances();
		expect(others).toEqual([]);
		expect(before).toMatchObject({ release: 1, phase: "serving", drainingAt: null });
		expect((await desiredDocument(trial.scratch.database, "abc123", before?.hostId ?? ""))?.images).toEqual([]);
	});

	it("is pulled where the data is, and only there, before the one before is told to stop", async () => {
		await trial.ended(await trial.start(1));
		const second = await trial.ended(await trial.start(2));
		const [before] = await instances();
		const events = await trial.scratch.database.rolloutEvent.findMany({
			where: { rolloutId: second.id, kind: { in: ["step", "drain"] } },
			orderBy: { sequence: "asc" },
		});
		const told = events.map(({ message }) => message);
		expect(told[0]).toBe(`${before?.hostId} pulls the image of release 2 before anything is stopped`);
		expect(told.findIndex((message) => message.startsWith("Stopping"))).toBeGreaterThan(0);
	});

	it("tells clients to ask again while none serves, and says so no more when one does", async () => {
		await trial.ended(await trial.start(1));
		const second = await trial.start(2);
		const traffic = async () => {
			const place = { service: trial.service, environment: "staging" };
			const { traffic } = await trial.scratch.database.serviceEnvironment.findUniqueOrThrow({
				where: { service_environment: place },
			});
			return traffic as unknown as ServiceTraffic;
		};
		await trial.until(second, async () => (await traffic()).isBeingReplaced === true);
		expect((await traffic()).releases.every(({ weight }) => weight === 0)).toBe(true);
		await trial.ended(second);
		expect((await traffic()).isBeingReplaced).toBeUndefined();
	});

	it("that cannot start gives the place back: the one before is made again, with its data", async () => {
		await trial.ended(await trial.start(1));
		trial.fleet.crashing.add(2);
		expect(await trial.ended(await trial.start(2))).toMatchObject({ state: "rolled-back" });
		expect(await trial.serving()).toEqual(["1 serving"]);
		const all = await instances();
		expect(all.map(({ release }) => release)).toEqual([1, 2, 1]);
		expect(new Set(all.map(({ spec }) => volumeOf(spec))).size).toBe(1);
		expect(await trial.scratch.database.volume.count()).toBe(1);
	});

	it("keeps its volume until a person removes it, which is refused while an instance holds it", async () => {
		await trial.ended(await trial.start(1));
		const [held] = await readVolumes(trial.scratch.database, {});
		expect(held).toMatchObject({ ...data(), heldBy: (await instances())[0]?.id, removedAt: null });
		await expect(giveUpVolume(trial.scratch, mei, data())).rejects.toThrow(/is held by .*: `sluice stop /);

		const host = held?.host ?? "";
		await trial.scratch.database.instance.updateMany({ data: { desired: false, observed: null, phase: "gone" } });
		await giveUpVolume(trial.scratch, mei, data());
		const told = async () => (await desiredDocument(trial.scratch.database, "abc123", host))?.removedVolumes;
		expect(await told()).toEqual([held?.id]);
		await recordVolumes(trial.scratch.database, host, [held?.id ?? ""], new Date());
		expect(await told()).toEqual([held?.id]);
		await recordVolumes(trial.scratch.database, host, [], new Date());
		expect(await told()).toEqual([]);
		expect(await readVolumes(trial.scratch.database, {})).toEqual([]);
		await expect(giveUpVolume(trial.scratch, mei, data())).rejects.toThrow(/has no volume data/);
	});
});
