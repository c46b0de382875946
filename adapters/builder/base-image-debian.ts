import type { BaseImageRecipe } from "@/adapters/builder/base-image-recipe";

export const debianRecipe: BaseImageRecipe = {
	version: 1,
	debianPackages: ["ca-certificates"],
	changes: ["ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 'CMD ["bash"]'],
	pinned: () => [],
	users: [],
	without: [],
	add: async () => {},
};
