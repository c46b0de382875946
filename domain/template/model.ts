/** A field of a template's form: the part of JSON Schema that a form can show and a browser can check without `eval`. */
export type FormField = TextField | NumberField;

interface FieldBase {
	readonly key: string;
	readonly title: string;
	readonly hint: string;
	readonly isRequired: boolean;
}

export interface TextField extends FieldBase {
	readonly type: "string";
	readonly default: string | null;
	readonly minLength: number;
	readonly maxLength: number;
	/** A regular expression, anchored by its author; null = anything on one line. */
	readonly pattern: string | null;
	readonly choices: readonly string[] | null;
}

export interface NumberField extends FieldBase {
	readonly type: "integer";
	readonly default: number | null;
	readonly minimum: number;
	readonly maximum: number;
}

/** In this file, each `from` becomes `to`, in which `${key}` is the value and `${key:json}` the value in quotes. */
export interface Replacement {
	readonly file: string;
	readonly from: string;
	readonly to: string;
}

/** What `template.yaml` beside a template says. */
export interface TemplateDefinition {
	readonly name: string;
	readonly title: string;
	/** Four lines. */
	readonly description: readonly string[];
	readonly gives: readonly string[];
	readonly firstChange: { readonly file: string; readonly sentence: string };
	readonly fields: readonly FormField[];
	readonly replacements: readonly Replacement[];
}

export interface TemplateFile {
	/** From the root of the tree, with `/`. */
	readonly path: string;
	readonly text: string;
	readonly isExecutable: boolean;
}

export interface Template {
	readonly definition: TemplateDefinition;
	readonly files: readonly TemplateFile[];
}

export type TemplateValues = Readonly<Record<string, string | number>>;

export const definitionFile = "template.yaml";
/** Every template has these fields: the first names the service and its repository. */
export const commonFields = ["name", "description", "owner"] as const;
