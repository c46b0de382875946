import { AppError } from "@/domain/errors";

export const acceptedManifests = [
	"application/vnd.docker.distribution.manifest.v2+json",
	"application/vnd.docker.distribution.manifest.list.v2+json",
	"application/vnd.oci.image.manifest.v1+json",
	"application/vnd.oci.image.index.v1+json",
].join(", ");

/** The digest that the registry at `host:port` has for a tag; null = it has none, or does not answer. */
export async function findDigest(registry: string, image: { repository: string; tag: string }): Promise<string | null> {
	const url = `http://${registry}/v2/${image.repository}/manifests/${image.tag}`;
	const options = { method: "HEAD", headers: { accept: acceptedManifests }, signal: AbortSignal.timeout(5_000) };
	const answer = await fetch(url, options).catch(() => null);
	return answer?.ok ? answer.headers.get("docker-content-digest") : null;
}

/** Does the registry at `host:port` have this image? Throws `unavailable` when it does not answer. */
export async function findManifest(registry: string, image: { repository: string; digest: string }): Promise<boolean> {
	const url = `http://${registry}/v2/${image.repository}/manifests/${image.digest}`;
	let answer: Response;
	try {
		answer = await fetch(url, { method: "HEAD", headers: { accept: acceptedManifests }, signal: AbortSignal.timeout(10_000) });
	} catch (cause) {
		throw new AppError("unavailable", "The image registry does not answer: `sluice status` shows it.", { cause });
	}
	if (answer.ok) return true;
	if (answer.status === 404) return false;
	throw new AppError("unavailable", `The image registry answered ${answer.status} when asked for ${image.repository}.`);
}

/** Writes a manifest under a tag. Throws `unavailable`. */
export async function putManifest(
	registry: string,
	image: { repository: string; tag: string },
	manifest: { text: Uint8Array; type: string },
): Promise<void> {
	const url = `http://${registry}/v2/${image.repository}/manifests/${image.tag}`;
	const body = new Uint8Array(manifest.text);
	const options = { method: "PUT", headers: { "content-type": manifest.type }, body, signal: AbortSignal.timeout(30_000) };
	const answer = await fetch(url, options).catch((cause: unknown) => {
		throw new AppError("unavailable", "The image registry does not answer: `sluice status` shows it.", { cause });
	});
	if (answer.ok) return;
	throw new AppError("unavailable", `The image registry answered ${answer.status} to ${image.repository}:${image.tag}.`);
}

/** Gives an image that is there another name, as `docker tag` does. Throws `not-found` and `unavailable`. */
export async function tagManifest(registry: string, image: { repository: string; digest: string }, tag: string): Promise<void> {
	const url = `http://${registry}/v2/${image.repository}/manifests/${image.digest}`;
	const answer = await fetch(url, { headers: { accept: acceptedManifests }, signal: AbortSignal.timeout(10_000) });
	if (!answer.ok) throw new AppError("not-found", `The registry has no ${image.repository}@${image.digest}: push it again.`);
	const text = new Uint8Array(await answer.arrayBuffer());
	await putManifest(registry, { repository: image.repository, tag }, { text, type: answer.headers.get("content-type") ?? "" });
}
