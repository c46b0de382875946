import { createHash } from "node:crypto";
import { type IncomingMessage, request } from "node:http";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { AppError } from "@/domain/errors";
import { acceptedManifests, findManifest, putManifest } from "./manifest";
import type { RemoteRegistry } from "./remote";

const digestText = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const part = z.object({ digest: digestText, size: z.number().int().min(0), urls: z.array(z.string()).optional() });
const imageSchema = z.object({ config: part, layers: z.array(part).max(500) });
const indexSchema = z.object({
	manifests: z
		.array(z.object({ digest: digestText, platform: z.object({ os: z.string(), architecture: z.string() }).optional() }))
		.max(200),
});

/** A manifest is small; a larger one is not one. */
const largestManifestBytes = 4 * 1024 * 1024;

interface Target {
	/** `host:port` of this platform's registry. */
	readonly registry: string;
	readonly repository: string;
	readonly tag: string;
	/** As Docker names it: amd64. */
	readonly architecture: string;
	readonly signal: AbortSignal;
}

/**
 * Copies an image as it is, byte by byte, so that its digest stays what it is elsewhere, and returns that digest. Of an
 * index it is the one for this machine. What is here already is not copied again: a second try goes on where the first ended.
 */
export async function copyImage(remote: RemoteRegistry, reference: string, target: Target): Promise<string> {
	let manifest = await readManifest(remote, reference);
	const index = indexSchema.safeParse(manifest.json);
	if (index.success) {
		const { architecture } = target;
		const wanted = index.data.manifests.find(
			({ platform }) => platform?.os === "linux" && platform.architecture === architecture,
		);
		if (!wanted) throw new AppError("invalid", `${target.repository} has no image for linux on ${architecture}.`);
		manifest = await readManifest(remote, wanted.digest);
	}
	const image = imageSchema.safeParse(manifest.json);
	if (!image.success) throw new AppError("invalid", `What ${target.repository} names is no image of containers.`);
	if (!(await findManifest(target.registry, { ...target, digest: manifest.digest }))) {
		for (const { digest, size } of [image.data.config, ...image.data.layers].filter(({ urls }) => !urls)) {
			await copyBlob(remote, target, digest, size);
		}
	}
	await putManifest(target.registry, target, { text: manifest.bytes, type: manifest.type });
	return manifest.digest;
}

async function readManifest(
	remote: RemoteRegistry,
	reference: string,
): Promise<{ bytes: Buffer; type: string; digest: string; json: unknown }> {
	const answer = await remote.open(`manifests/${reference}`, acceptedManifests);
	const bytes = await readSmall(answer);
	const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
	if (reference.startsWith("sha256:") && reference !== digest)
		throw new AppError("unavailable", `The registry gave another manifest than ${reference}: it is not what it says.`);
	try {
		return { bytes, digest, type: answer.headers["content-type"] ?? "", json: JSON.parse(bytes.toString("utf8")) };
	} catch (cause) {
		throw new AppError("unavailable", `The registry's manifest of ${reference} cannot be read.`, { cause });
	}
}

async function readSmall(answer: IncomingMessage): Promise<Buffer> {
	const pieces: Buffer[] = [];
	let length = 0;
	for await (const piece of answer) {
		length += (piece as Buffer).length;
		if (length > largestManifestBytes) throw new AppError("invalid", "The registry's manifest is larger than 4 MB.");
		pieces.push(piece as Buffer);
	}
	return Buffer.concat(pieces);
}

/** Our registry checks the digest of what it takes. */
async function copyBlob(remote: RemoteRegistry, target: Target, digest: string, size: number): Promise<void> {
	const base = `http://${target.registry}/v2/${target.repository}/blobs`;
	const there = await fetch(`${base}/${digest}`, { method: "HEAD", signal: target.signal });
	if (there.ok) return;
	const begun = await fetch(`${base}/uploads/`, { method: "POST", signal: target.signal });
	const location = begun.headers.get("location");
	if (!begun.ok || !location) throw new AppError("unavailable", `The image registry answered ${begun.status} to an upload.`);
	const url = new URL(location, base);
	url.searchParams.set("digest", digest);
	const blob = await remote.open(`blobs/${digest}`, "*/*");
	const headers = { "content-type": "application/octet-stream", "content-length": String(size) };
	const upload = request(url, { method: "PUT", headers, signal: target.signal });
	const answered = new Promise<number>((resolve, reject) => {
		upload.on("error", reject).on("response", (answer) => {
			answer.resume();
			resolve(answer.statusCode ?? 0);
		});
	});
	const [status] = await Promise.all([answered, pipeline(blob, upload)]);
	if (status !== 201) throw new AppError("unavailable", `The image registry did not take ${digest} (${status}): deploy again.`);
}
