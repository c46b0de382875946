import { createHash } from "node:crypto";
import { hostCertificates } from "@/adapters/builder/base-image-certificates";
import { ownFiles } from "@/adapters/builder/base-image-file";
import { recipeOf } from "@/adapters/builder/base-image-recipe";
import { type BaseImageName, baseImageSuite } from "@/domain/pipeline/base-image";

/** Rises when the making of all bases changes and nothing that is counted below does. */
const makingVersion = 2;

/** The tag is made of everything that decides what is in the image: another mirror or certificate is another tag. */
export async function baseImageTag(name: BaseImageName): Promise<string> {
	const { version, debianPackages, changes, pinned, users, without } = recipeOf(name);
	const own = { version, debianPackages, changes, pinned: pinned(), users, without };
	const content = [makingVersion, process.arch, baseImageSuite, own, await ownFiles(name)];
	return createHash("sha256").update(JSON.stringify(content)).update(hostCertificates()).digest("hex").slice(0, 12);
}
