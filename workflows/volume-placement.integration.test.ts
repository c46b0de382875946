import { afterAll, beforeAll, expect, test } from "vitest";
import type { DesiredInstance } from "@/domain/host/model";
import { startRollout } from "@/server/services/rollout-start";
import { giveUpVolume } from "@/server/services/volume";
import { desiredDocument } from "@/server/store/host";
import { getRolloutByNumber } from "@/server/store/rollout";
import { type ScratchDatabase, scratchDatabase } from "@/server/store/testing/scratch-database";
import { recordVolumes } from "@/server/store/volume";
import { readVolumes } from "@/server/store/volume-view";
import { createInstances } from "@/workflows/activities/create-instances";
import { seedReleases } from "@/workflows/testing/catalog";

/** Where an instance with a volume may be made, on a real Postgres: no two at once, nowhere but at home. */
const mei = { kind: "user", id: "mei", name: "mei", role: "operator" } as const;
const identity = { service: "cache", environment: "staging" };
const data = { ...identity, name: "data" };
let scratch: ScratchDatabase;

beforeAll(async () => {
	scratch = await scratchDatabase();
	for (const [id, gigabytes] of [
		["h1", 8n],
		["h2", 4n],
	] as const)
		await scratch.database.host.create({
			data: { id, address: "10.0.0.1", roles: ["node"], memoryBytes: gigabytes << 30n, cpus: 2 },
		});
	await answer("h1", "h2");
	const [release = ""] = await seedReleases(scratch.database, identity.service, [
		{ instances: 1, strategy: { kind: "recreate" }, volumes: [{ name: "data", target: "/data", readOnly: false }] },
	]);
	await startRollout(scratch, mei, { ...identity, releaseId: release, origin: "user" });
});
afterAll(() => scratch?.drop());

async function answer(...hosts: readonly string[]): Promise<void> {
	await scratch.database.$executeRaw`update host set "leaseAt" = case when id = any(${[...hosts]})
		then clock_timestamp() at time zone 'utc' + interval '1 hour' else null end`;
}

async function create(ordinal: number): Promise<{ host: string; volume: string | undefined }> {
	const rollout = await getRolloutByNumber(scratch.database, identity.service, identity.environment, 1);
	const deps = { database: scratch.database, installation: { id: "abc123" } };
	const release = rollout.plan.to.number;
	await createInstances(deps, rollout, { kind: "create", release, ordinals: [ordinal] });
	const row = await scratch.database.instance.findFirstOrThrow({ orderBy: { createdAt: "desc" } });
	return { host: row.hostId, volume: (row.spec as unknown as DesiredInstance).volumes?.[0]?.id };
}

/** It left its host's document, the host said that its container is removed, and the rollout wrote that down. */
async function leave(): Promise<void> {
	await scratch.database.instance.updateMany({ data: { desired: false, observed: null, phase: "gone" } });
	await scratch.database.$executeRaw`update host set "reportedRevision" = "desiredRevision"`;
}

test("the second instance is made when the first is gone, at home or nowhere, until the volume is given up", async () => {
	const first = await create(0);
	expect(first).toEqual({ host: "h1", volume: expect.stringMatching(/^sluice-abc123-cache-staging-data-[0-9a-f]{6}$/) });
	await expect(create(1)).rejects.toThrow("may still hold the volumes of cache in staging.");
	await expect(giveUpVolume(scratch, mei, data)).rejects.toThrow(/is held by cache-staging-.*: `sluice stop cache/);

	await scratch.database.instance.updateMany({ data: { desired: false, phase: "stopping" } });
	await scratch.database.$executeRaw`update host set "desiredRevision" = "reportedRevision" + 1`;
	await expect(create(1)).rejects.toThrow("may still hold");
	await leave();
	await answer("h2");
	await expect(create(1)).rejects.toThrow("The volume data of cache in staging is on h1, which does not answer");
	await answer("h1", "h2");
	// As full as it was for the first, and h2 is empty.
	expect(await create(1)).toEqual(first);
	await leave();

	await scratch.database.rollout.updateMany({ data: { state: "rolled-back" } });
	await giveUpVolume(scratch, mei, data);
	const told = async () => (await desiredDocument(scratch.database, "abc123", "h1"))?.removedVolumes;
	expect(await told()).toEqual([first.volume]);
	await recordVolumes(scratch.database, "h1", [first.volume ?? ""], new Date());
	expect(await readVolumes(scratch.database, {})).toMatchObject([{ id: first.volume, heldBy: null, removedBy: "mei" }]);
	await recordVolumes(scratch.database, "h1", [], new Date());
	expect(await told()).toEqual([]);
	await answer("h2");
	expect(await create(2)).toMatchObject({ host: "h2", volume: expect.not.stringContaining(String(first.volume)) });
	await expect(giveUpVolume(scratch, mei, { ...data, name: "other" })).rejects.toThrow(/has no volume other/);
});
