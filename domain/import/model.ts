/** What a repository without a `sluice.yaml` shows of itself, as far as a proposal is made of it. */
export interface ImportSource {
	/** The name here; the service gets it unless a file says another. */
	readonly repository: string;
	/** Texts of the files that describe the service. */
	readonly files: readonly SourceFile[];
	/** Every path of the commit, as git lists them. */
	readonly paths: readonly string[];
	/** Lines of the code that name a usual health path. */
	readonly mentions: readonly Mention[];
}

export interface SourceFile {
	readonly path: string;
	readonly text: string;
}

export interface Mention extends Place {
	readonly path: string;
}

/** Line counts from 1. */
export interface Place {
	readonly file: string;
	readonly line: number;
}

/** A value and where it stands. */
export interface Found<T> {
	readonly value: T;
	readonly at: Place;
}

export type PortProtocol = "http" | "h2c" | "tcp";

export interface PortFact {
	/** As callers see it. */
	readonly port: number;
	/** As the container listens. */
	readonly target: number;
	readonly name: string | null;
	/** null = nothing says it. */
	readonly protocol: PortProtocol | null;
	readonly at: Place;
}

/** What a health check of a Dockerfile, a compose file, a Score file or a Kubernetes manifest asks. */
export interface HealthFact {
	readonly kind: "http" | "grpc" | "tcp" | "other" | "none";
	/** Of kind http. */
	readonly path: string;
	/** null = it could not be told. */
	readonly port: number | null;
	readonly at: Place;
}

export interface VariableFact {
	readonly name: string;
	/** A value to copy, or the part of the configuration that must be set. */
	readonly value: { readonly literal: string } | { readonly source: "config" | "secret" };
	/** null = no file says it. */
	readonly at: Place | null;
}

/** Data that outlives the instances. */
export interface VolumeFact {
	readonly name: string;
	/** Where the container has it. */
	readonly target: string;
	readonly readOnly: boolean;
	readonly at: Place;
}

/** What one file says; what it does not say is left out. */
export interface Facts {
	readonly name?: Found<string>;
	readonly description?: Found<string>;
	readonly owner?: Found<string>;
	readonly system?: Found<string>;
	readonly type?: Found<string>;
	readonly lifecycle?: Found<string>;
	readonly ports?: readonly PortFact[];
	readonly health?: HealthFact;
	readonly variables?: readonly VariableFact[];
	readonly volumes?: readonly VolumeFact[];
	readonly memory?: Found<string>;
	readonly cpu?: Found<string>;
	readonly command?: Found<readonly string[]>;
	readonly instances?: Found<number>;
	readonly notes: readonly string[];
}

/** `name`, `description`, `owner`, `dockerfile`, `workload`, `port`, `healthPath`, `strategy`, `baseImages`, `protocol.<port>`. */
export type Answers = Readonly<Record<string, string>>;

export interface Question {
	readonly key: string;
	/** What could not be told, and what is asked. */
	readonly sentence: string;
	/** What the manifest says until it is answered; empty = nothing. */
	readonly proposed: string;
	/** null = any text. */
	readonly choices: readonly string[] | null;
	/** false = answered. */
	readonly isOpen: boolean;
}

export interface ProposedValue {
	/** Which value of the manifest: `name`, `port.http`, `variable.LOG_LEVEL`. */
	readonly key: string;
	readonly value: string;
	/** null = answered by a person, or Sluice's own default. */
	readonly from: Place | null;
}

/** An image that the build needs, and what becomes of the build where no registry gives it. */
export interface ProposedBase {
	readonly image: string;
	/** Of Sluice's base images; null = there is none of that kind, and the build fails. */
	readonly base: string | null;
	readonly sentence: string;
	readonly at: Place;
}

export interface Proposal {
	readonly service: string;
	/** A `sluice.yaml` that `parseManifest` accepts. */
	readonly manifest: string;
	readonly values: readonly ProposedValue[];
	readonly questions: readonly Question[];
	/** In the Dockerfile's order. */
	readonly bases: readonly ProposedBase[];
	/** What was seen and not taken over, and what is left to do. */
	readonly notes: readonly string[];
}

/** `Dockerfile:12`. */
export function placeText({ file, line }: Place): string {
	return `${file}:${line}`;
}
