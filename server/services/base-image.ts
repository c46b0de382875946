import { baseImageTag } from "@/adapters/builder/base-image-tag";
import { findDigest } from "@/adapters/registry/manifest";
import { baseImageCatalog, baseImageSuite, type ListedBaseImage } from "@/domain/pipeline/base-image";
import type { Env } from "@/server/env";

/** What a Dockerfile may ask for, and which of it was made already. */
export function listBaseImages(env: Pick<Env, "registry">): Promise<ListedBaseImage[]> {
	return Promise.all(
		baseImageCatalog.map(async ({ name, argument, hub, repository, parts }) => {
			const tag = await baseImageTag(name);
			const digest = await findDigest(env.registry, { repository, tag });
			const debian = { name: "Debian", version: baseImageSuite, source: "apt: mmdebstrap" };
			return { name, argument, hub, reference: `${repository}:${tag}`, parts: [debian, ...parts], digest };
		}),
	);
}
