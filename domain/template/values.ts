import { isSlug } from "@/domain/names";
import type { FormField, TemplateValues } from "@/domain/template/model";

/** What is wrong with one field: a word for the page's own sentence, and the sentence for everybody else. */
export interface ValueProblem {
	readonly key: string;
	readonly kind: "missing" | "form" | "length" | "range" | "choice" | "unknown";
	readonly message: string;
}

/** The form as it is before a person has typed. */
export function defaultValues(fields: readonly FormField[]): TemplateValues {
	return Object.fromEntries(fields.flatMap((field) => (field.default === null ? [] : [[field.key, field.default]])));
}

/** Every problem of a form's values; pure and without `eval`, so the page and the server ask the same. */
export function checkValues(fields: readonly FormField[], values: TemplateValues): ValueProblem[] {
	const unknown = Object.keys(values)
		.filter((key) => !fields.some((field) => field.key === key))
		.map((key) => ({ key, kind: "unknown" as const, message: `There is no field ${key} here.` }));
	return [...unknown, ...fields.flatMap((field) => problemOf(field, values[field.key]) ?? [])];
}

function problemOf(field: FormField, value: string | number | undefined): ValueProblem | null {
	const { key, title } = field;
	const problem = (kind: ValueProblem["kind"], message: string): ValueProblem => ({ key, kind, message });
	if (value === undefined || value === "") return field.isRequired ? problem("missing", `${title} is missing.`) : null;
	if (field.type === "integer") {
		const { minimum, maximum } = field;
		const isRight = typeof value === "number" && Number.isSafeInteger(value) && value >= minimum && value <= maximum;
		return isRight ? null : problem("range", `${title} is a whole number from ${minimum} to ${maximum}, not ${value}.`);
	}
	const text = String(value);
	if (typeof value !== "string" || hasControl(text)) return problem("form", `${title} is one line of text.`);
	if (text.length < field.minLength || text.length > field.maxLength) {
		return problem("length", `${title} has ${field.minLength} to ${field.maxLength} characters, not ${text.length}.`);
	}
	if (field.choices && !field.choices.includes(text)) {
		return problem("choice", `${title} is one of ${field.choices.join(", ")}, not ${text}.`);
	}
	const isRight = key === "name" ? isSlug(text) : field.pattern === null || new RegExp(field.pattern, "u").test(text);
	return isRight ? null : problem("form", `"${text}" cannot be the ${title.toLowerCase()}: ${field.hint || "see its form"}`);
}

/** Line ends and other control characters: they would end the line they are written into. */
function hasControl(text: string): boolean {
	return /\p{Cc}|\u2028|\u2029/u.test(text);
}

/** Values as typed on a command line: a field's own type is taken. */
export function readValues(fields: readonly FormField[], typed: Readonly<Record<string, string>>): TemplateValues {
	return Object.fromEntries(
		Object.entries(typed).map(([key, text]) => {
			const isNumber = fields.some((field) => field.key === key && field.type === "integer") && /^-?\d+$/.test(text);
			return [key, isNumber ? Number(text) : text];
		}),
	);
}
