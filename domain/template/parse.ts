import { Ajv } from "ajv";
import { parse } from "yaml";
import { AppError } from "@/domain/errors";
import { commonFields, definitionFile, type FormField, type TemplateDefinition } from "@/domain/template/model";
import schema from "@/domain/template/schemas/template.json" with { type: "json" };

const validate = new Ajv({ allErrors: true, allowUnionTypes: true, strictTypes: false }).compile(schema);

interface Property {
	readonly type: "string" | "integer";
	readonly title: string;
	readonly description?: string;
	readonly default?: string | number;
	readonly minLength?: number;
	readonly maxLength?: number;
	readonly pattern?: string;
	readonly enum?: readonly string[];
	readonly minimum?: number;
	readonly maximum?: number;
}

interface Document extends Omit<TemplateDefinition, "name" | "description" | "fields"> {
	readonly description: string;
	readonly form: { readonly required?: readonly string[]; readonly properties: Readonly<Record<string, Property>> };
}

/** Reads a `template.yaml`. Throws `invalid` with every problem. */
export function parseTemplate(name: string, text: string): TemplateDefinition {
	const value: unknown = parse(text, { maxAliasCount: 0 });
	if (!validate(value)) {
		const problems = (validate.errors ?? []).map((error) => `${error.instancePath || "/"} ${error.message ?? "is wrong"}`);
		throw new AppError("invalid", `${name}/${definitionFile}: ${problems.join("; ")}.`, { details: { problems } });
	}
	const { title, description, gives, firstChange, form, replacements } = value as unknown as Document;
	const fields = Object.entries(form.properties).map(([key, property]) =>
		fieldOf(key, property, form.required?.includes(key) ?? false),
	);
	const missing = commonFields.filter((key) => !fields.some((field) => field.key === key));
	if (missing.length > 0) throw new AppError("invalid", `${name}/${definitionFile}: the form has no ${missing.join(", ")}.`);
	return { name, title, description: description.trimEnd().split("\n"), gives, firstChange, fields, replacements };
}

function fieldOf(key: string, property: Property, isRequired: boolean): FormField {
	const base = { key, title: property.title, hint: property.description ?? "", isRequired };
	if (property.type === "integer") {
		const { minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = property;
		return {
			...base,
			type: "integer",
			default: typeof property.default === "number" ? property.default : null,
			minimum,
			maximum,
		};
	}
	return {
		...base,
		type: "string",
		default: property.default === undefined ? null : String(property.default),
		minLength: property.minLength ?? 0,
		maxLength: property.maxLength ?? 200,
		pattern: property.pattern ?? null,
		choices: property.enum ?? null,
	};
}
