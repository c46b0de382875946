import { z } from "zod";
import type { Procedure } from "@/server/rest/operations";
import { appRouter } from "@/server/trpc/router";

export type JsonSchema = Readonly<Record<string, unknown>>;

/** The input of a procedure as one or several objects: several where it takes either this or that. */
export interface InputShape {
	readonly schema: JsonSchema;
	/** Names that any of its objects has. */
	readonly properties: Readonly<Record<string, JsonSchema>>;
	/** Names that all of its objects ask for. */
	readonly required: readonly string[];
}

const none: InputShape = { schema: { type: "object", properties: {} }, properties: {}, required: [] };
const shapes = new Map<Procedure, InputShape>();

export function isChange(procedure: Procedure): boolean {
	return definitionOf(procedure).type === "mutation";
}

/** Read from the procedure's own zod schema, once. */
export function inputOf(procedure: Procedure): InputShape {
	const known = shapes.get(procedure);
	if (known) return known;
	const [input] = definitionOf(procedure).inputs;
	const shape = input instanceof z.ZodType ? shapeOf(z.toJSONSchema(input, { io: "input" })) : none;
	shapes.set(procedure, shape);
	return shape;
}

function definitionOf(procedure: Procedure): { type: string; inputs: readonly unknown[] } {
	// tRPC keeps them flat by their paths; its types show them nested.
	const flat = appRouter._def.procedures as unknown as Readonly<
		Record<string, { _def: { type: string; inputs?: readonly unknown[] } }>
	>;
	const found = flat[procedure];
	if (!found) throw new Error(`There is no procedure ${procedure}.`);
	return { type: found._def.type, inputs: found._def.inputs ?? [] };
}

function shapeOf({ $schema: _, default: _default, ...schema }: JsonSchema): InputShape {
	const objects = Array.isArray(schema.anyOf) ? (schema.anyOf as readonly JsonSchema[]) : [schema];
	const properties = Object.assign({}, ...objects.map((one) => one.properties ?? {})) as Record<string, JsonSchema>;
	const required = objects.map((one) => (one.required ?? []) as readonly string[]);
	return {
		schema,
		properties,
		required: Object.keys(properties).filter((name) => required.every((names) => names.includes(name))),
	};
}

/** The same without some of its names: what is left for the body. */
export function without(schema: JsonSchema, names: readonly string[]): JsonSchema {
	if (Array.isArray(schema.anyOf)) {
		return { ...schema, anyOf: (schema.anyOf as readonly JsonSchema[]).map((one) => without(one, names)) };
	}
	const { properties = {}, required, ...rest } = schema as { properties?: object; required?: readonly string[] };
	const left = Object.fromEntries(Object.entries(properties).filter(([name]) => !names.includes(name)));
	const needed = (required ?? []).filter((name) => !names.includes(name));
	return { ...rest, properties: left, ...(needed.length > 0 ? { required: needed } : {}) };
}
