import { debianRecipe } from "@/adapters/builder/base-image-debian";
import { goRecipe } from "@/adapters/builder/base-image-go";
import { javaRecipe } from "@/adapters/builder/base-image-java";
import { nodeRecipe } from "@/adapters/builder/base-image-node";
import { pythonRecipe } from "@/adapters/builder/base-image-python";
import type { BaseImageName } from "@/domain/pipeline/base-image";

/** What makes one base image out of a bare Debian. */
export interface BaseImageRecipe {
	/** Rises when the making changes and nothing below does, so an old cached image is not taken for a new one. */
	readonly version: number;
	readonly debianPackages: readonly string[];
	/** Instructions of a Dockerfile for the imported image. */
	readonly changes: readonly string[];
	/** Versions and checksums of what does not come from Debian. */
	pinned(): readonly string[];
	readonly users: readonly BaseImageUser[];
	/** Files of the packages that are not wanted: `./usr/lib/...`. */
	readonly without: readonly string[];
	/** Puts its files below `stage`; `work` is for downloads. */
	add(stage: string, work: string): Promise<void>;
}

export interface BaseImageUser {
	readonly name: string;
	readonly id: number;
	readonly home: string;
}

const recipes: Readonly<Record<BaseImageName, BaseImageRecipe>> = {
	node24: nodeRecipe,
	go: goRecipe,
	python: pythonRecipe,
	java: javaRecipe,
	debian: debianRecipe,
};

export function recipeOf(name: BaseImageName): BaseImageRecipe {
	return recipes[name];
}
