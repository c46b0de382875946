/**
 * The configuration of a service in one environment: names with plain values, or with secrets that only an instance
 * ever reads. Each change is a new version, kept for ever; a release pins one version of each environment.
 */
export type ConfigEntry =
	| { readonly kind: "plain"; readonly value: string }
	| {
			readonly kind: "secret";
			readonly secretId: string;
			/** Rises by one with each new value of this name. */
			readonly version: number;
			/** Has line ends, so it fits into a file and not into a variable. Told by its owner, not read from the value. */
			readonly hasLines: boolean;
	  };

export type ConfigEntries = Readonly<Record<string, ConfigEntry>>;

/** What a person asks to be different; `value` of a secret goes no further than its encryption. */
export type ConfigChange =
	| { readonly kind: "plain"; readonly name: string; readonly value: string }
	| { readonly kind: "secret"; readonly name: string; readonly value: string }
	| { readonly kind: "remove"; readonly name: string };

export interface ConfigIdentity {
	readonly service: string;
	readonly environment: string;
}

/** Where a secret value belongs: what it is encrypted for, so that it decrypts nowhere else. */
export interface SecretPlace extends ConfigIdentity {
	readonly name: string;
	readonly version: number;
}

/** Environment -> the version of its configuration that a release runs with there; only environments that use theirs. */
export type PinnedConfig = Readonly<Record<string, number>>;
