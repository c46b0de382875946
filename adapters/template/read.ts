import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "@/domain/errors";
import { isSlug } from "@/domain/names";
import { definitionFile, type Template, type TemplateFile } from "@/domain/template/model";
import { parseTemplate } from "@/domain/template/parse";

/** What a work in the template's own folder leaves there and no service is made with. */
const leftOut = new Set(["node_modules", ".git", definitionFile]);

/** Every folder with a definition, in order of name. */
export function templateNames(folder: string): string[] {
	return readdirSync(folder)
		.filter((name) => isSlug(name) && existsSync(join(folder, name, definitionFile)))
		.sort();
}

/** Throws `not-found` for a name that is no template, so no name leads anywhere else. */
export function readTemplate(folder: string, name: string): Template {
	if (!isSlug(name) || !existsSync(join(folder, name, definitionFile))) {
		throw new AppError("not-found", `There is no template "${name}": \`sluice template list\` shows all.`);
	}
	const root = join(folder, name);
	const definition = parseTemplate(name, readFileSync(join(root, definitionFile), "utf8"));
	return { definition, files: filesBelow(root, "") };
}

function filesBelow(root: string, folder: string): TemplateFile[] {
	return readdirSync(join(root, folder), { withFileTypes: true })
		.filter((entry) => !leftOut.has(entry.name))
		.sort((one, other) => (one.name < other.name ? -1 : 1))
		.flatMap((entry) => {
			const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
			if (entry.isDirectory()) return filesBelow(root, path);
			if (!entry.isFile()) throw new AppError("invalid", `The template's ${path} is neither a file nor a folder.`);
			const isExecutable = (statSync(join(root, path)).mode & 0o100) !== 0;
			return [{ path, text: readFileSync(join(root, path), "utf8"), isExecutable }];
		});
}
