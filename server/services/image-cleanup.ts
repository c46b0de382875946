import { removeManifest } from "@/adapters/registry/remove";
import { imageName, type ReleaseImage, unneededImages } from "@/domain/registry/keep";
import { systemActor } from "@/domain/roles";
import { recordAudit } from "@/server/store/audit";
import type { Database } from "@/server/store/client";
import { lockReleases, referencedImages, releaseImages } from "@/server/store/release-image";

/** In one go, so that starts of rollouts wait for a second at most. */
const mostAtOnce = 100;

/**
 * Removes from the registry what nothing needs (domain/registry/keep.ts). Decided and done under the locks that a release
 * and the start of a rollout take, so that none refers to an image in between. Returns how many were removed.
 */
export async function removeUnneededImages({
	database,
	registry,
}: {
	readonly database: Database;
	readonly registry: string;
}): Promise<number> {
	// A service that is away for long would be locked for long: first a look without locks.
	const found = unneededImages(await releaseImages(database), await referencedImages(database));
	let removed = 0;
	for (let from = 0; from < found.length; from += mostAtOnce)
		removed += await removeSome(database, registry, found.slice(from, from + mostAtOnce));
	return removed;
}

async function removeSome(database: Database, registry: string, found: readonly ReleaseImage[]): Promise<number> {
	return database.$transaction(
		async (tx) => {
			await lockReleases(tx);
			const still = new Set(unneededImages(await releaseImages(tx), await referencedImages(tx)).map(imageName));
			const removed: string[] = [];
			for (const image of found) {
				if (still.has(imageName(image)) && (await removeManifest(registry, image))) removed.push(imageName(image));
			}
			if (removed.length === 0) return 0;
			const summary = `${removed.length} ${removed.length === 1 ? "image" : "images"} that nothing needs any more were removed from the registry`;
			const subject = { subjectKind: "platform", subject: "registry" };
			await recordAudit(tx, systemActor, { action: "image.remove", ...subject, summary, data: { images: removed } });
			return removed.length;
		},
		{ timeout: 60_000 },
	);
}
