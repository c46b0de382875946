import { readFileSync } from "node:fs";
import { parseAst } from "vitest/node";
import { isNode, type Node } from "./expression";

/** Names of what the server says in sentences, in the answers that pages show. */
const sayings = new Set([
	"detail",
	"message",
	"problem",
	"reason",
	"refusal",
	"rejectRefusal",
	"sentence",
	"summary",
	"waitsFor",
	"warning",
]);

/** Commit messages are their author's own words. */
const ofPeople = /\b(commits|changes)\b/;

/** Where a page shows such a sentence as it came: `file: name`. It belongs in `<Said text={…} />` or `said(…)`. */
export function shownRaw(file: string, source = readFileSync(file, "utf8")): string[] {
	const found: string[] = [];
	/** Composed by the page itself, of its own texts. */
	const isOwn = (name: string) => new RegExp(`const ${name} =`).test(source);
	const look = (node: unknown, isOfPeople: boolean): void => {
		if (Array.isArray(node)) for (const child of node) look(child, isOfPeople);
		if (!isNode(node)) return;
		const shown = isOfPeople ? null : shownBy(node, isOwn);
		if (shown !== null) found.push(`${file}: ${shown}`);
		const inner = isOfPeople || (isMapping(node) && ofPeople.test(source.slice(node.start, (node.callee as Node).end)));
		for (const child of Object.values(node)) if (typeof child === "object") look(child, inner);
	};
	look(parseAst(source, { lang: file.endsWith("x") ? "tsx" : "ts" }), false);
	return found;
}

function shownBy(node: Node, isOwn: (name: string) => boolean): string | null {
	if (node.type === "JSXElement" || node.type === "JSXFragment") {
		const raw = (node.children as Node[])
			.filter(({ type }) => type === "JSXExpressionContainer")
			.map((child) => nameOf(child.expression, isOwn));
		return raw.find((name) => name !== null) ?? null;
	}
	if (node.type !== "JSXOpeningElement" || (node.name as Node).name === "Said") return null;
	for (const attribute of node.attributes as Node[]) {
		const { name, value } = attribute as { name?: Node; value?: Node };
		if (!/^(title|text|hint|aria-description)$/.test(String(name?.name))) continue;
		const shown = isNode(value) ? nameOf(value.expression, isOwn) : null;
		if (shown !== null) return shown;
	}
	return null;
}

function nameOf(expression: unknown, isOwn: (name: string) => boolean): string | null {
	if (!isNode(expression)) return null;
	const isMember = expression.type === "MemberExpression";
	const name = String(isMember ? (expression.property as Node).name : expression.name);
	if (expression.type !== "Identifier" && !isMember) return null;
	return sayings.has(name) && (isMember || !isOwn(name)) ? name : null;
}

function isMapping(node: Node): boolean {
	return node.type === "CallExpression" && ((node.callee as Node).property as Node | undefined)?.name === "map";
}
