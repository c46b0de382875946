import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { findManifest } from "@/adapters/registry/manifest";
import { scratchRegistry } from "@/platform/testing/scratch-registry";
import { removeUnneededImages } from "@/server/services/image-cleanup";
import { type ScratchDatabase, scratchDatabase } from "@/server/store/testing/scratch-database";

let scratch: ScratchDatabase;
let registry: Awaited<ReturnType<typeof scratchRegistry>>;
const digests: string[] = [];
const service = "orders";
const layers: string[] = [];

beforeAll(async () => {
	[scratch, registry] = await Promise.all([scratchDatabase(), scratchRegistry()]);
	const { database } = scratch;
	await database.environment.create({ data: { name: "staging", position: 1 } });
	await database.service.create({ data: { name: service, createdBy: "u" } });
	for (let number = 1; number <= 16; number += 1) {
		digests.push(await push(`release ${number}`));
		await database.release.create({
			data: {
				...{ id: `r${number}`, service, number, repository: service, digest: digests[number - 1] ?? "" },
				...{ manifest: {}, configHash: "x", createdBy: "u" },
			},
		});
	}
	await database.serviceEnvironment.create({
		data: { service, environment: "staging", virtualAddress: "10.254.0.1", stableReleaseId: "r2" },
	});
	// The one before the stable one: a rollback goes there.
	await rollout(1, "promoted", "r1", "r2");
	await rollout(2, "awaiting-approval", "r2", "r3");
	await database.host.create({ data: { id: "h1", address: "10.9.0.1", roles: ["node"] } });
	await database.instance.create({
		data: {
			...{ id: "i1", service, environment: "staging", releaseId: "r4", release: 4, hostId: "h1", rolloutId: "x" },
			...{ spec: {}, phase: "held" },
		},
	});
});
afterAll(async () => {
	await scratch.drop();
	await registry.close();
});

async function rollout(number: number, state: string, fromReleaseId: string, toReleaseId: string): Promise<void> {
	await scratch.database.rollout.create({
		data: {
			...{ id: `o${number}`, service, environment: "staging", number, strategy: "rolling", state },
			...{ fromReleaseId, toReleaseId, plan: {}, intentHash: "x", startedBy: "u" },
		},
	});
}

/** An image of one layer. */
async function push(content: string): Promise<string> {
	const url = `http://${registry.address}/v2/${service}`;
	const blob = async (text: string) => {
		const digest = `sha256:${createHash("sha256").update(text).digest("hex")}`;
		const begun = await fetch(`${url}/blobs/uploads/`, { method: "POST" });
		const place = new URL(begun.headers.get("location") ?? "", url);
		place.searchParams.set("digest", digest);
		const headers = { "content-type": "application/octet-stream" };
		expect((await fetch(place, { method: "PUT", body: text, headers })).status).toBe(201);
		return { digest, size: text.length };
	};
	const [config, layer] = [await blob(`{"content":"${content}"}`), await blob(content)];
	layers.push(layer.digest);
	const type = "application/vnd.docker.distribution.manifest.v2+json";
	const manifest = JSON.stringify({
		...{ schemaVersion: 2, mediaType: type },
		config: { mediaType: "application/vnd.docker.container.image.v1+json", ...config },
		layers: [{ mediaType: "application/vnd.docker.image.rootfs.diff.tar.gzip", ...layer }],
	});
	const put = await fetch(`${url}/manifests/${content.replace(" ", "-")}`, {
		...{ method: "PUT", body: manifest, headers: { "content-type": type } },
	});
	return put.headers.get("docker-content-digest") ?? "";
}

const numbersThere = async (): Promise<number[]> => {
	const there = await Promise.all(digests.map((digest) => findManifest(registry.address, { repository: service, digest })));
	return there.flatMap((is, index) => (is ? [index + 1] : []));
};

it("a digest in use survives however old it is; what nothing needs is removed, from the disk, too", async () => {
	expect(await removeUnneededImages({ database: scratch.database, registry: registry.address })).toBe(2);
	await registry.collect();
	// 1 to go back to, 2 serves, 3 awaits approval, 4 still runs, 7 to 16 are the newest ten.
	expect(await numbersThere()).toEqual([1, 2, 3, 4, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
	const layerOf = (number: number) => fetch(`http://${registry.address}/v2/${service}/blobs/${layers[number - 1]}`);
	expect((await layerOf(1)).status).toBe(200);
	expect((await layerOf(4)).status).toBe(200);
	expect((await layerOf(5)).status).toBe(404);
	expect(await scratch.database.auditRow.count({ where: { action: "image.remove" } })).toBe(1);
	// A second time there is nothing left to do, and nothing to be told.
	expect(await removeUnneededImages({ database: scratch.database, registry: registry.address })).toBe(0);
	expect(await scratch.database.auditRow.count({ where: { action: "image.remove" } })).toBe(1);
});
