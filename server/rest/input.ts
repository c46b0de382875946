import { AppError } from "@/domain/errors";
import { Refusal } from "@/server/rest/problem";
import type { InputShape, JsonSchema } from "@/server/rest/schema";

/** More than any input may hold; a manifest has at most 256 kB, a version of configuration some more. */
const largestBody = 4 * 1024 * 1024;

/** What is written in a path or a query is text: a number or a yes is made of it where the schema has one. */
function valueFrom(schema: JsonSchema | undefined, text: string): unknown {
	if (schema?.type === "integer" || schema?.type === "number") return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
	if (schema?.type === "boolean") return text === "true" ? true : text === "false" ? false : text;
	return text;
}

/** The input of a call from its path, its query and its body, which each may name only what the procedure knows. */
export function gather(
	{ properties }: InputShape,
	inPath: Readonly<Record<string, string>>,
	query: URLSearchParams | null,
	body: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
	const allowed = Object.keys(properties).filter((name) => !Object.hasOwn(inPath, name));
	for (const name of [...(query?.keys() ?? []), ...Object.keys(body)]) {
		if (allowed.includes(name)) continue;
		const known = allowed.length === 0 ? "it takes none" : `it takes ${allowed.join(", ")}`;
		throw new AppError("invalid", `"${name.slice(0, 100)}" is not known here: ${known}.`);
	}
	const input: Record<string, unknown> = { ...body };
	for (const [name, text] of Object.entries(inPath)) input[name] = valueFrom(properties[name], text);
	for (const name of new Set(query?.keys() ?? [])) {
		const [text = "", ...more] = query?.getAll(name) ?? [];
		if (more.length > 0) throw new AppError("invalid", `"${name}" is given twice: give it once.`);
		input[name] = valueFrom(properties[name], text);
	}
	return input;
}

/** The object in the body; none = an empty one. Throws a Refusal for another kind, too much, or what is no JSON object. */
export async function readBody(request: Request): Promise<Record<string, unknown>> {
	const bytes = await readBytes(request);
	if (bytes.length === 0) return {};
	const kind = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
	if (kind !== "application/json") {
		throw new Refusal("unsupported-media-type", `The body is ${kind ?? "of no kind"}: send application/json.`, {
			"accept-post": "application/json",
		});
	}
	const value = parsed(bytes);
	if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
	throw new AppError("invalid", "The body is no JSON object.");
}

function parsed(bytes: Uint8Array): unknown {
	try {
		return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
	} catch {
		// The parser's own words repeat what was sent, which may be a secret.
		throw new AppError("invalid", "The body is no JSON: check its quotes and commas.");
	}
}

/** Stops at the limit, whatever Content-Length says. */
async function readBytes(request: Request): Promise<Uint8Array> {
	const chunks: Uint8Array[] = [];
	let length = 0;
	for await (const chunk of request.body ?? []) {
		length += chunk.byteLength;
		if (length > largestBody) throw new Refusal("too-large", `The body is larger than ${largestBody / 1024 / 1024} MB.`);
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}
