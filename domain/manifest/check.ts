import { Ajv, type ErrorObject } from "ajv";
import { type Document, isMap, isPair, isScalar, isSeq, type Node } from "yaml";
import type { Documents } from "@/domain/manifest/documents";
import componentSchema from "@/domain/manifest/schemas/component.json" with { type: "json" };
import deliverySchema from "@/domain/manifest/schemas/delivery.json" with { type: "json" };
import workloadSchema from "@/domain/manifest/schemas/workload.json" with { type: "json" };
import { suggest } from "@/domain/manifest/suggest";

const ajv = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true, strictTypes: false });
const validators = {
	component: ajv.compile(componentSchema),
	workload: ajv.compile(workloadSchema),
	delivery: ajv.compile(deliverySchema),
};

export interface PlacedProblem {
	/** In the text, from 0. */
	readonly offset: number;
	readonly message: string;
}

/** Checks one document against its schema. `value` is null when there are problems. */
export function checkDocument<Kind extends keyof Documents>(
	kind: Kind,
	document: Document.Parsed,
	mostAliases: number,
): { value: Documents[Kind] | null; problems: PlacedProblem[] } {
	let value: unknown;
	try {
		value = document.toJS({ maxAliasCount: mostAliases });
	} catch {
		return { value: null, problems: [{ offset: document.range[0], message: "too many aliases: write the values out" }] };
	}
	const validate = validators[kind];
	if (validate(value)) return { value: value as unknown as Documents[Kind], problems: [] };
	return { value: null, problems: (validate.errors ?? []).map((error) => placed(document, error)) };
}

function placed(document: Document.Parsed, error: ErrorObject): PlacedProblem {
	const path = error.instancePath
		.split("/")
		.slice(1)
		.map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
	const name = nameOf(path);
	switch (error.keyword) {
		case "additionalProperties": {
			const key = String(error.params.additionalProperty);
			const parent = error.parentSchema as { properties?: Record<string, unknown> } | undefined;
			const known = Object.keys(parent?.properties ?? {});
			const near = suggest(key, known);
			const hint = near ? `; did you mean "${near}"?` : known.length > 0 ? `; known here: ${known.join(", ")}` : "";
			return { offset: offsetOf(document, [...path, key], "key"), message: `unknown key "${key}"${hint}` };
		}
		case "propertyNames":
			return {
				offset: offsetOf(document, [...path, String(error.params.propertyName)], "key"),
				message: `"${String(error.params.propertyName)}" cannot be a name here`,
			};
		case "required":
			return { offset: offsetOf(document, path, "key"), message: `${name} needs "${String(error.params.missingProperty)}"` };
		case "enum":
			return {
				offset: offsetOf(document, path, "value"),
				message: `${name} is one of ${(error.params.allowedValues as unknown[]).map(String).join(", ")}, not ${shown(error.data)}`,
			};
		case "const":
			return {
				offset: offsetOf(document, path, "value"),
				message: `${name} is ${String(error.params.allowedValue)}, not ${shown(error.data)}`,
			};
		case "pattern":
			return { offset: offsetOf(document, path, "value"), message: `${name}: ${shown(error.data)} has not the right form` };
		case "maxProperties":
			return {
				offset: offsetOf(document, path, "key"),
				message: `${name} has more than ${String(error.params.limit)} ${error.params.limit === 1 ? "entry" : "entries"}`,
			};
		default:
			return { offset: offsetOf(document, path, "value"), message: `${name} ${error.message ?? "is wrong"}` };
	}
}

/** `steps[0]`, not `0`. */
function nameOf(path: readonly string[]): string {
	const last = path.at(-1) ?? "the document";
	const parent = path.at(-2);
	return /^\d+$/.test(last) && parent !== undefined ? `${parent}[${last}]` : last;
}

function shown(value: unknown): string {
	return JSON.stringify(value)?.slice(0, 80) ?? "nothing";
}

/** Walks maps and sequences; ends at the last node that exists. */
function offsetOf(document: Document.Parsed, path: readonly string[], wanted: "key" | "value"): number {
	let node: Node | null = document.contents;
	let offset = document.range[0];
	for (const [index, part] of path.entries()) {
		if (isMap(node)) {
			const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === part);
			if (!isPair(pair)) break;
			const key = pair.key as Node;
			const value = pair.value as Node | null;
			const isLast = index === path.length - 1;
			offset = (isLast && wanted === "value" ? value?.range?.[0] : undefined) ?? key.range?.[0] ?? offset;
			node = value;
		} else if (isSeq(node)) {
			node = (node.items[Number(part)] as Node | undefined) ?? null;
			offset = node?.range?.[0] ?? offset;
		} else break;
	}
	return offset;
}
