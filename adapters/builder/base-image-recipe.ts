import { goRecipe } from "@/adapters/builder/base-image-go";
import { nodeRecipe } from "@/adapters/builder/base-image-node";
import type { BaseImageName } from "@/domain/pipeline/base-image";

/** What makes one base image out of a bare Debian. */
export interface BaseImageRecipe {
	readonly debianPackages: readonly string[];
	/** Instructions of a Dockerfile for the imported image. */
	readonly changes: readonly string[];
	/** Puts its files below `stage`; `work` is for downloads, `read` gives a file of the bare Debian. */
	add(stage: string, work: string, read: (path: string) => Promise<string>): Promise<void>;
}

export function recipeOf(name: BaseImageName): BaseImageRecipe {
	return name === "node24" ? nodeRecipe : goRecipe;
}
