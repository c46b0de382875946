import { type ApiSchema, bodySchemaOf, type ListedOperation, parametersOf } from "./document";

/** The operation for a terminal. What has to be put in is in capitals; the token comes from the environment, not from the text. */
export function curlOf(server: string, operation: ListedOperation): string {
	const { method, path } = operation;
	const needed = parametersOf(operation).filter((one) => one.in === "query" && one.required);
	const query = needed.map(({ name }) => `${name}=${capitals(name)}`).join("&");
	const address = `${server}${path.replaceAll(/\{(\w+)\}/g, (_, name: string) => capitals(name))}${query === "" ? "" : `?${query}`}`;
	const isStream = "text/event-stream" in (operation.responses["200"]?.content ?? {});
	const words = ["curl", ...(isStream ? ["-N"] : []), ...(method === "GET" ? [] : ["-X", method]), `'${address}'`];
	words.push('-H "Authorization: Bearer $SLUICE_TOKEN"');
	if (method !== "GET") words.push('-H "Idempotency-Key: $(uuidgen)"');
	const body = bodySchemaOf(operation);
	if (body !== null) words.push("-H 'Content-Type: application/json'", `-d '${JSON.stringify(exampleOf(body))}'`);
	return words.join(" ");
}

function capitals(name: string): string {
	return name.replaceAll(/[A-Z]/g, "_$&").toUpperCase();
}

/** The least that the schema takes. */
export function exampleOf(schema: ApiSchema, name = "text"): unknown {
	if (schema.const !== undefined) return schema.const;
	if (schema.enum) return schema.enum[0];
	const [first] = schema.anyOf ?? schema.oneOf ?? [];
	if (first) return exampleOf(first, name);
	const type = typeof schema.type === "string" ? schema.type : schema.type?.[0];
	if (type === "object") {
		const required = Object.entries(schema.properties ?? {}).filter(([key]) => schema.required?.includes(key));
		return Object.fromEntries(required.map(([key, inner]) => [key, exampleOf(inner, key)]));
	}
	if (type === "array") return schema.items ? [exampleOf(schema.items, name)] : [];
	if (type === "integer" || type === "number") return schema.minimum ?? 1;
	if (type === "boolean") return true;
	return capitals(name);
}
