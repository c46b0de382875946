import { alpineCommands } from "@/adapters/builder/base-image-alpine";
import { mirrorFiles } from "@/adapters/builder/base-image-mirrors";
import type { BaseImageName } from "@/domain/pipeline/base-image";

export interface BaseImageFile {
	/** Below the root: `etc/pip.conf`. */
	readonly path: string;
	readonly text: string;
	readonly isProgram?: true;
}

/** What Sluice itself writes into a base besides the recipe's parts. */
export async function ownFiles(name: BaseImageName): Promise<readonly BaseImageFile[]> {
	return [...(await mirrorFiles(name)), ...alpineCommands];
}
