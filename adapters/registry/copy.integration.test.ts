import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { scratchRegistry } from "@/platform/testing/scratch-registry";
import { copyImage } from "./copy";
import { findDigest, findManifest, putManifest, tagManifest } from "./manifest";
import { RemoteRegistry } from "./remote";

type Scratch = Awaited<ReturnType<typeof scratchRegistry>>;
let elsewhere: Scratch;
let ours: Scratch;

beforeAll(async () => {
	[elsewhere, ours] = await Promise.all([scratchRegistry(), scratchRegistry()]);
});
afterAll(async () => {
	await Promise.all([elsewhere?.close(), ours?.close()]);
});

const digestOf = (bytes: string) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
const imageType = "application/vnd.oci.image.manifest.v1+json";
const indexType = "application/vnd.oci.image.index.v1+json";

async function putBlob(bytes: string): Promise<{ mediaType: string; digest: string; size: number }> {
	const base = `http://${elsewhere.address}/v2/library/redis/blobs/uploads/`;
	const { headers } = await fetch(base, { method: "POST" });
	const url = new URL(headers.get("location") ?? "", base);
	url.searchParams.set("digest", digestOf(bytes));
	const put = await fetch(url, { method: "PUT", body: bytes, headers: { "content-type": "application/octet-stream" } });
	expect(put.status).toBe(201);
	return { mediaType: "application/octet-stream", digest: digestOf(bytes), size: bytes.length };
}

/** An image of one architecture, under a tag of its name. */
async function putImage(architecture: string): Promise<string> {
	const config = await putBlob(JSON.stringify({ architecture, os: "linux" }));
	const layers = [await putBlob(`layer of ${architecture} ${"x".repeat(100_000)}`)];
	const text = JSON.stringify({ schemaVersion: 2, mediaType: imageType, config, layers });
	const image = { repository: "library/redis", tag: architecture };
	await putManifest(elsewhere.address, image, { text: Buffer.from(text), type: imageType });
	return digestOf(text);
}

const settings = (plain: readonly string[], networks = ["127.0.0.0/8"]) => ({
	...{ hub: { name: "hub", api: "hub" }, networks, plain: [...plain], caFile: null },
});
const remote = (plain: readonly string[], networks?: string[]) =>
	new RemoteRegistry(
		{ registry: elsewhere.address, repository: "library/redis" },
		settings(plain, networks),
		AbortSignal.timeout(30_000),
	);
const target = (architecture: string) => ({
	...{ registry: ours.address, repository: "mirror/hub/library/redis", tag: "8", architecture },
	signal: AbortSignal.timeout(30_000),
});

it("an image keeps its digest, of an index this machine's is taken, and a second copy is no work", async () => {
	const digests = { amd64: await putImage("amd64"), arm64: await putImage("arm64") };
	const manifests = (["amd64", "arm64"] as const).map((architecture) => ({
		...{ mediaType: imageType, digest: digests[architecture], size: 1, platform: { os: "linux", architecture } },
	}));
	const text = JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests });
	const image = { repository: "library/redis", tag: "8" };
	await putManifest(elsewhere.address, image, { text: Buffer.from(text), type: indexType });
	const plain = [elsewhere.address];

	expect(await copyImage(remote(plain), "8", target("amd64"))).toBe(digests.amd64);
	expect(await findDigest(ours.address, target("amd64"))).toBe(digests.amd64);
	expect(await findManifest(ours.address, { ...target("amd64"), digest: digests.arm64 })).toBe(false);
	expect(await copyImage(remote(plain), digests.arm64, { ...target("arm64"), tag: "arm" })).toBe(digests.arm64);
	expect(await copyImage(remote(plain), "8", target("amd64"))).toBe(digests.amd64);
	await tagManifest(ours.address, { ...target("amd64"), digest: digests.amd64 }, "stable");
	expect(await findDigest(ours.address, { ...target("amd64"), tag: "stable" })).toBe(digests.amd64);
	await expect(copyImage(remote(plain), "8", target("s390x"))).rejects.toThrow("has no image for linux on s390x");
	await expect(copyImage(remote(plain), "9", target("amd64"))).rejects.toThrow(/not for everybody to read/);
});

it("nothing is asked of private networks, or without TLS, that an operator has not allowed", async () => {
	await expect(copyImage(remote([elsewhere.address], []), "8", target("amd64"))).rejects.toThrow(/in a network of its own/);
	await expect(copyImage(remote([]), "8", target("amd64"))).rejects.toThrow(/cannot be reached/);
});
