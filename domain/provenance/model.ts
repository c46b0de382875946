import type { BaseImagePart } from "@/domain/pipeline/base-image";

/** One package that is in an image, by which of its databases. */
export interface FoundPackage {
	readonly kind: "deb" | "npm" | "golang" | "generic";
	readonly name: string;
	readonly version: string;
}

/** What was fixed when an image was built; kept with the pipeline, and so with its release. */
export interface BuildRecord {
	readonly builder: { readonly installation: string; readonly engine: string };
	readonly startedAt: string;
	readonly endedAt: string;
	readonly dockerfile: { readonly path: string; readonly sha256: string };
	readonly context: string;
	readonly target: string | null;
	readonly arguments: Readonly<Record<string, string>>;
	/** Of the bases that Sluice gave: their ids in the engine. */
	readonly bases: readonly {
		readonly reference: string;
		/** What the Dockerfile names and could not be fetched; left out = the reference itself. */
		readonly asked?: string;
		readonly imageId: string | null;
		readonly parts: readonly BaseImagePart[];
	}[];
	/** The id in the engine; the registry's digest is the release's. */
	readonly imageId: string;
	readonly packages: readonly FoundPackage[];
	/** Why the list of packages is not whole; null = all known databases were read. */
	readonly problem: string | null;
}
