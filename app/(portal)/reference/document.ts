/** What this page reads of an OpenAPI document (server/rest/document.ts makes it). */
export interface ApiDocument {
	readonly servers: readonly { readonly url: string }[];
	readonly paths: Readonly<Record<string, Readonly<Record<string, ApiOperation>>>>;
	readonly components: {
		readonly schemas: { readonly Problem: { readonly "x-sluice-codes": Readonly<Record<string, ApiCode>> } };
	};
}

export interface ApiCode {
	readonly http: number;
	readonly retryable: boolean;
	readonly check: string;
}

export interface ApiOperation {
	readonly operationId: string;
	readonly tags: readonly string[];
	readonly summary: string;
	readonly "x-sluice-role": string;
	readonly "x-sluice-scope": string;
	readonly parameters: readonly (ApiParameter | { readonly $ref: string })[];
	readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: ApiSchema }>> };
	readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly schema: ApiSchema }>> }>>;
}

export interface ApiParameter {
	readonly name: string;
	readonly in: string;
	readonly required: boolean;
	readonly description?: string;
	readonly schema: ApiSchema;
}

export interface ApiSchema {
	readonly type?: string | readonly string[];
	readonly enum?: readonly unknown[];
	readonly const?: unknown;
	readonly default?: unknown;
	readonly minimum?: number;
	readonly anyOf?: readonly ApiSchema[];
	readonly oneOf?: readonly ApiSchema[];
	readonly items?: ApiSchema;
	readonly properties?: Readonly<Record<string, ApiSchema>>;
	readonly required?: readonly string[];
	readonly $ref?: string;
}

export interface ListedOperation extends ApiOperation {
	readonly method: string;
	readonly path: string;
}

/** All operations that have the words in their path, name or summary (as it is and as it is shown), by their noun. */
export function operationsOf(
	document: ApiDocument,
	words: string,
	said: (summary: string) => string,
): ReadonlyMap<string, readonly ListedOperation[]> {
	const all = Object.entries(document.paths).flatMap(([path, methods]) =>
		Object.entries(methods).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
	);
	const sought = words.toLowerCase().split(/\s+/).filter(Boolean);
	const found = all.filter(({ path, method, operationId, summary }) => {
		const text = `${method} ${path} ${operationId} ${summary} ${said(summary)}`.toLowerCase();
		return sought.every((word) => text.includes(word));
	});
	return Map.groupBy(found, ({ tags }) => tags[0] ?? "");
}

export function parametersOf({ parameters }: ApiOperation): readonly ApiParameter[] {
	return parameters.filter((one): one is ApiParameter => "name" in one);
}

export function bodySchemaOf({ requestBody }: ApiOperation): ApiSchema | null {
	return requestBody?.content["application/json"]?.schema ?? null;
}
