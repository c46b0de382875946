import type { FoundPackage } from "@/domain/provenance/model";

/**
 * Builds images and runs their tests. Everything it does is in a build's own labels and is safe to repeat: a second
 * build of the same request gives the same tag, and leftovers of a killed one are removed by `clear`.
 * All calls stop within seconds of an abort and reject with the signal's reason; what they start ends with them.
 * Failures of the thing built are results; failures of the builder are `unavailable`.
 */
export interface Builder {
	build(request: BuildRequest, output: Output, signal: AbortSignal): Promise<BuildResult>;
	/** Runs the command in a new container and removes it. */
	run(request: RunRequest, output: Output, signal: AbortSignal): Promise<RunResult>;
	/** Pushes the tag (`registry/repository:tag`) and returns the digest under which the registry has it. */
	publish(tag: string, output: Output, signal: AbortSignal): Promise<{ digest: string }>;
	/** Removes the containers labelled with the build. */
	clear(build: string): Promise<void>;
	removeImage(image: string): Promise<void>;
	/** What is in an image of this engine; of the named programs, which are there. */
	inspect(build: string, image: string, programs: readonly string[]): Promise<ImageContents>;
	/** Its id in this engine; null = the engine does not have it. */
	imageId(reference: string): Promise<string | null>;
	/** The engine's version: `20.10.24`. */
	engine(): Promise<string>;
	/** Makes an image of nothing but these files, for builds to copy from; `removeImage` removes it. */
	importFiles(reference: string, files: readonly ImportedFile[]): Promise<void>;
	/** Whether the engine can get this image's description from where its name points (an answer, not a pull). */
	resolve(image: string): Promise<Resolution>;
}

/** `refused`: a registry answers, and not with the image. `silent`: no registry answers within seconds. */
export type Resolution = "found" | "refused" | "silent";

export interface ImportedFile {
	/** Below the root. */
	readonly path: string;
	readonly text: string;
	readonly isProgram: boolean;
}

export interface ImageContents {
	readonly id: string;
	/** The engine's version. */
	readonly engine: string;
	readonly packages: readonly FoundPackage[];
	readonly present: readonly string[];
	/** Why the list is not whole; null = each database was read. */
	readonly problem: string | null;
}

export type Output = (text: string) => void;

export interface BuildRequest {
	/** Absolute folder and file, checked to lie inside the checkout. */
	readonly context: string;
	readonly dockerfile: string;
	/** A stage's name; null = the last. */
	readonly target: string | null;
	/** null = without a name. */
	readonly tag: string | null;
	readonly arguments: Readonly<Record<string, string>>;
	/** Files of this machine that RUN --mount=type=secret may read; their content is in no layer. */
	readonly secrets: readonly { readonly id: string; readonly file: string }[];
}

export type BuildResult =
	| { readonly isBuilt: true; readonly image: string }
	| { readonly isBuilt: false; readonly output: string };

export interface RunRequest {
	/** Label value by which `clear` finds what a killed run left. */
	readonly build: string;
	readonly image: string;
	readonly command: readonly string[];
	readonly variables: Readonly<Record<string, string>>;
	readonly limits: { readonly memoryBytes: number; readonly cpus: number; readonly processes: number };
	readonly deadlineMs: number;
}

export type RunResult =
	| { readonly kind: "exited"; readonly code: number }
	| { readonly kind: "out-of-memory" }
	| { readonly kind: "deadline" };
