import { copyImage } from "@/adapters/registry/copy";
import { findDigest, findManifest } from "@/adapters/registry/manifest";
import { readMirrorSettings } from "@/adapters/registry/mirror-settings";
import { RemoteRegistry } from "@/adapters/registry/remote";
import { AppError, messageOf } from "@/domain/errors";
import { type ImageName, parseImage } from "@/domain/manifest/image";
import type { Deps } from "@/server/deps";

/** What was copied stays: who runs into this deploys again, and it goes on from there. */
const longestCopyMs = 4 * 60_000;

/**
 * The image that a manifest names, in this platform's registry, by digest. What was pushed here under that name comes
 * first; then it is asked for where its name says, and copied. With that away, what was copied last serves.
 */
export async function resolveImage({ env }: Pick<Deps, "env">, text: string): Promise<{ repository: string; digest: string }> {
	const image = parseImage(text);
	if (!image) throw new AppError("invalid", `"${text.slice(0, 200)}" is no image.`);
	const own = await pushedHere(env.registry, image);
	if (own) return own;
	const settings = readMirrorSettings(env.home);
	const source = sourceOf(image, settings.hub);
	const target = {
		registry: env.registry,
		repository: mirrorOf(source),
		tag: image.digest ? tagOfDigest(image.digest) : image.tag,
	};
	const signal = AbortSignal.timeout(longestCopyMs);
	try {
		const remote = new RemoteRegistry({ registry: source.api, repository: source.repository }, settings, signal);
		const digest = await copyImage(remote, image.digest ?? image.tag, { ...target, architecture: architecture(), signal });
		return { repository: target.repository, digest };
	} catch (error) {
		const kept = error instanceof AppError && error.code !== "unavailable" ? null : await findDigest(env.registry, target);
		if (kept) return { repository: target.repository, digest: kept };
		if (error instanceof AppError) throw error;
		const why = signal.aborted ? `it took more than ${longestCopyMs / 60_000} minutes; deploy again to go on` : messageOf(error);
		throw new AppError("unavailable", `${text} cannot be copied: ${why}.`, { cause: error });
	}
}

async function pushedHere(
	registry: string,
	{ registry: elsewhere, repository, tag, digest }: ImageName,
): Promise<{ repository: string; digest: string } | null> {
	if (elsewhere !== null) return null;
	if (digest !== null) return (await findManifest(registry, { repository, digest })) ? { repository, digest } : null;
	const found = await findDigest(registry, { repository, tag });
	return found ? { repository, digest: found } : null;
}

interface Source {
	/** As people name it. */
	readonly name: string;
	readonly api: string;
	readonly repository: string;
}

/** The hub's own images are in `library`, which nobody writes. */
function sourceOf({ registry, repository }: ImageName, hub: { name: string; api: string }): Source {
	if (registry !== null && registry !== hub.name) return { name: registry, api: registry, repository };
	return { ...hub, repository: repository.includes("/") ? repository : `library/${repository}` };
}

/** In our registry, beside what is built and pushed here and never in its way. */
function mirrorOf({ name, repository }: Source): string {
	return `mirror/${name
		.toLowerCase()
		.replaceAll(/[^a-z0-9.-]+/g, "-")
		.replaceAll(/^-|-$/g, "")}/${repository}`;
}

/** A digest is no tag, and an image without a tag goes with the next clean-up. */
function tagOfDigest(digest: string): string {
	return digest.replace("sha256:", "").slice(0, 12);
}

/** As images name it. */
function architecture(): string {
	return process.arch === "x64" ? "amd64" : process.arch;
}
