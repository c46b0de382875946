import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAst } from "vitest/node";

export interface Found {
	/** A key of en.json, or with `*` for a part that is known only when it runs. */
	readonly keys: readonly string[];
	/** Text that stands in the source itself, as `file: text`. */
	readonly literals: readonly string[];
}

type Node = Record<string, unknown> & { readonly type: string };

/** Every .ts and .tsx file below a folder, without tests. */
export function sourcesOf(folder: string): string[] {
	return readdirSync(folder, { recursive: true, encoding: "utf8" })
		.filter((name) => /\.tsx?$/.test(name) && !/\.test\.|\.d\.ts$/.test(name))
		.map((name) => join(folder, name));
}

/** The texts that one source file asks for, and those it should have asked for. */
export function textsIn(file: string, source = readFileSync(file, "utf8")): Found {
	const program = parseAst(source, { lang: file.endsWith("x") ? "tsx" : "ts" });
	const keys: string[] = [];
	const literals: string[] = [];
	walk(program, new Map(), (node, translators) => {
		const named = translatorOf(node);
		if (named !== null) translators.set(named.variable, named.namespace);
		keys.push(...keysOf(node, translators));
		literals.push(...literalsOf(node).map((text) => `${file}: ${text}`));
	});
	return { keys, literals: [...new Set(literals)] };
}

/** `const t = useTranslations("home")`, or a parameter `t: ReturnType<typeof useTranslations<"home">>`. */
function translatorOf(node: Node): { variable: string; namespace: string } | null {
	if (node.type === "VariableDeclarator" && isNode(node.id) && isNode(node.init)) {
		const call = node.init.type === "AwaitExpression" ? node.init.argument : node.init;
		const namespace = isNode(call) ? namespaceOf(call) : null;
		return namespace === null ? null : { variable: String(node.id.name), namespace };
	}
	if (node.type === "Identifier" && isNode(node.typeAnnotation)) {
		const text = JSON.stringify(node.typeAnnotation);
		const namespace = /"name":"useTranslations".*?"value":"([\w.-]+)"/.exec(text)?.[1];
		return namespace === undefined ? null : { variable: String(node.name), namespace };
	}
	return null;
}

function namespaceOf(call: Node): string | null {
	if (call.type !== "CallExpression" || !isNode(call.callee)) return null;
	if (call.callee.name !== "useTranslations" && call.callee.name !== "getTranslations") return null;
	const [first] = call.arguments as Node[];
	return first === undefined ? null : String(first.value);
}

/** `t("key")`, a choice of keys, or a template with gaps; and `(await getTranslations("ns"))("key")`. */
function keysOf(node: Node, translators: Translators): string[] {
	if (node.type !== "CallExpression" || !isNode(node.callee)) return [];
	const inner = unwrapped(node.callee);
	const direct = namespaceOf(inner);
	const namespace = direct ?? (inner.type === "Identifier" ? translators.get(String(inner.name)) : undefined);
	const [first] = node.arguments as Node[];
	if (namespace === undefined || first === undefined) return [];
	return patternsOf(first).map((key) => `${namespace}.${key}`);
}

function unwrapped(node: Node): Node {
	const next = node.type === "ParenthesizedExpression" ? node.expression : node.type === "AwaitExpression" ? node.argument : null;
	return isNode(next) ? unwrapped(next) : node;
}

function patternsOf(node: Node): string[] {
	if (node.type === "Literal" && typeof node.value === "string") return [node.value];
	if (node.type === "ConditionalExpression") return [node.consequent, node.alternate].filter(isNode).flatMap(patternsOf);
	if (node.type === "TemplateLiteral") {
		const quasis = node.quasis as { value: { cooked: string } }[];
		return [quasis.map((quasi) => quasi.value.cooked).join("*")];
	}
	return ["*"];
}

const spoken = new Set(["title", "label", "aria-label", "placeholder", "alt", "text", "description", "hint", "all"]);

/** Letters between tags, in braces there, in an attribute or property that is read out; and a sentence wherever it stands. */
function literalsOf(node: Node): string[] {
	if (node.type === "JSXText") return hasWord(node.value) ? [String(node.value).trim()] : [];
	if (node.type === "JSXAttribute" && isNode(node.name)) return spoken.has(String(node.name.name)) ? wordsOf(node.value) : [];
	if (node.type === "Property" && isNode(node.key)) return spoken.has(String(node.key.name)) ? wordsOf(node.value) : [];
	if (node.type === "JSXElement" || node.type === "JSXFragment") {
		return (node.children as Node[]).flatMap((child) => (child.type === "JSXExpressionContainer" ? wordsOf(child) : []));
	}
	return wordsOf(node.type === "Literal" || node.type === "TemplateLiteral" ? node : null).filter(isSentence);
}

/** The texts that an expression may come to, as far as they stand in the source. */
function wordsOf(node: unknown): string[] {
	if (!isNode(node)) return [];
	switch (node.type) {
		case "Literal":
			return hasWord(node.value) ? [String(node.value)] : [];
		case "TemplateLiteral":
			return [(node.quasis as { value: { cooked: string } }[]).map((quasi) => quasi.value.cooked).join("…")].filter(hasWord);
		case "JSXExpressionContainer":
		case "ParenthesizedExpression":
			return wordsOf(node.expression);
		case "ConditionalExpression":
			return [...wordsOf(node.consequent), ...wordsOf(node.alternate)];
		case "LogicalExpression":
			return [...wordsOf(node.left), ...wordsOf(node.right)];
		case "BinaryExpression":
			return node.operator === "+" ? [...wordsOf(node.left), ...wordsOf(node.right)] : [];
		default:
			return [];
	}
}

/** A capital, and a word after the first one: no class, key or path begins so. */
function isSentence(text: string): boolean {
	return /^\p{Lu}[\p{L}’']*,? \p{Ll}{2,}/u.test(text);
}

/** A command to type is the same in every language, and so is a line of a Dockerfile. */
function hasWord(value: unknown): boolean {
	return typeof value === "string" && /\p{L}{2,}/u.test(value) && !/^(\.\/sluice|git|ARG) /.test(value);
}

/** Variable -> namespace, inside one function; what it does not know the function around it does. */
type Translators = Map<string, string>;

function walk(node: unknown, scope: Translators, visit: (node: Node, scope: Translators) => void): void {
	if (Array.isArray(node)) for (const child of node) walk(child, scope, visit);
	if (!isNode(node)) return;
	const inner = /Function/.test(node.type) ? new Map(scope) : scope;
	visit(node, inner);
	for (const child of Object.values(node)) if (typeof child === "object") walk(child, inner, visit);
}

function isNode(value: unknown): value is Node {
	return typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";
}
