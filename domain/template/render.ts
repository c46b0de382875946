import { AppError } from "@/domain/errors";
import type { Replacement, Template, TemplateFile, TemplateValues } from "@/domain/template/model";
import { checkValues, defaultValues } from "@/domain/template/values";

/**
 * The tree of a service made from a template. Pure: the same template and values are the same tree, byte for byte.
 * All replacements of a file are found in its own text at once, so a value that looks like a placeholder stays as it
 * was typed. Throws `invalid` for wrong values, and for a declared replacement that finds nothing.
 */
export function renderTemplate(template: Template, given: TemplateValues): TemplateFile[] {
	const { fields, replacements, name } = template.definition;
	const values = { ...defaultValues(fields), ...given };
	const problems = checkValues(fields, values);
	if (problems.length > 0) {
		throw new AppError("invalid", problems.map(({ message }) => message).join(" "), { details: { problems } });
	}
	const lost = replacements.find(({ file }) => !template.files.some(({ path }) => path === file));
	if (lost) throw new AppError("invalid", `The template ${name} has no file ${lost.file}: see its template.yaml.`);
	return template.files.map((file) => {
		const own = replacements.filter((replacement) => replacement.file === file.path);
		return own.length === 0 ? file : { ...file, text: replaceAll(name, file, own, values) };
	});
}

function replaceAll(name: string, file: TemplateFile, own: readonly Replacement[], values: TemplateValues): string {
	const unused = new Set(own);
	// Of two that begin at the same place the longer one is meant.
	const ordered = [...own].sort((one, other) => other.from.length - one.from.length);
	let text = "";
	for (let at = 0; at < file.text.length; ) {
		const found = ordered.find(({ from }) => file.text.startsWith(from, at));
		text += found ? fill(found.to, values) : file.text.charAt(at);
		at += found?.from.length ?? 1;
		if (found) unused.delete(found);
	}
	const [missing] = unused;
	if (missing) {
		throw new AppError(
			"invalid",
			`The template ${name} replaces "${missing.from}" in ${file.path}, which is not there: see its template.yaml.`,
		);
	}
	return text;
}

function fill(to: string, values: TemplateValues): string {
	return to.replaceAll(/\$\{([A-Za-z0-9]+)(:json)?\}/g, (_, key: string, isQuoted: string | undefined) => {
		const value = values[key] ?? "";
		return isQuoted ? JSON.stringify(value) : String(value);
	});
}
