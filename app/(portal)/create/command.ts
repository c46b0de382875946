import type { TemplateValues } from "@/domain/template/model";
import type { TemplateRow } from "@/server/views";

/** The same as a command, with what differs from the template's defaults. */
export function commandOf(template: Pick<TemplateRow, "name" | "fields">, values: TemplateValues): string {
	const set = template.fields
		.filter(({ key }) => key !== "name" && values[key] !== undefined && values[key] !== "")
		.filter((field) => values[field.key] !== field.default)
		.map(({ key }) => `--set ${quoted(`${key}=${values[key]}`)}`);
	return ["./sluice create", template.name, `--name ${quoted(String(values.name))}`, ...set, "--watch"].join(" ");
}

/** The same import as a command, with what was answered. */
export function importCommandOf(repository: string, answers: Readonly<Record<string, string>>): string {
	const set = Object.entries(answers).map(([key, value]) => `--set ${quoted(`${key}=${value}`)}`);
	return ["./sluice import", quoted(repository), ...set].join(" ");
}

/** For a POSIX shell. */
function quoted(word: string): string {
	return /^[\w=.@/:-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
