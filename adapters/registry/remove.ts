import { AppError } from "@/domain/errors";

/** Removes an image's manifest, with the tags that name it; its blobs stay until garbage is collected. False = it was gone. */
export async function removeManifest(registry: string, image: { repository: string; digest: string }): Promise<boolean> {
	const url = `http://${registry}/v2/${image.repository}/manifests/${image.digest}`;
	let answer: Response;
	try {
		answer = await fetch(url, { method: "DELETE", signal: AbortSignal.timeout(10_000) });
	} catch (cause) {
		throw new AppError("unavailable", "The image registry does not answer: `sluice status` shows it.", { cause });
	}
	if (answer.ok) return true;
	if (answer.status === 404) return false;
	throw new AppError("unavailable", `The image registry answered ${answer.status} when told to remove ${image.repository}.`);
}
