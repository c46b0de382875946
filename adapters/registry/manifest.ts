import { AppError } from "@/domain/errors";

const accepted = [
	"application/vnd.docker.distribution.manifest.v2+json",
	"application/vnd.docker.distribution.manifest.list.v2+json",
	"application/vnd.oci.image.manifest.v1+json",
	"application/vnd.oci.image.index.v1+json",
].join(", ");

/** The digest that the registry at `host:port` has for a tag; null = it has none, or does not answer. */
export async function findDigest(registry: string, image: { repository: string; tag: string }): Promise<string | null> {
	const url = `http://${registry}/v2/${image.repository}/manifests/${image.tag}`;
	const options = { method: "HEAD", headers: { accept: accepted }, signal: AbortSignal.timeout(5_000) };
	const answer = await fetch(url, options).catch(() => null);
	return answer?.ok ? answer.headers.get("docker-content-digest") : null;
}

/** Does the registry at `host:port` have this image? Throws `unavailable` when it does not answer. */
export async function findManifest(registry: string, image: { repository: string; digest: string }): Promise<boolean> {
	const url = `http://${registry}/v2/${image.repository}/manifests/${image.digest}`;
	let answer: Response;
	try {
		answer = await fetch(url, { method: "HEAD", headers: { accept: accepted }, signal: AbortSignal.timeout(10_000) });
	} catch (cause) {
		throw new AppError("unavailable", "The image registry does not answer: `sluice status` shows it.", { cause });
	}
	if (answer.ok) return true;
	if (answer.status === 404) return false;
	throw new AppError("unavailable", `The image registry answered ${answer.status} when asked for ${image.repository}.`);
}
