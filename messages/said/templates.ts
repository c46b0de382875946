import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { parseAst } from "vitest/node";
import { parse as parseYaml } from "yaml";
import { type Constant, gap, isNode, type Node, wordsOf } from "./expression";
import { composedTexts, rooms, silentPlaces, silentTexts } from "./places";

/** A sentence as the sources compose it; what is filled in is `{0}`, `{1}`, … in the order it stands. */
export interface SaidTemplate {
	readonly text: string;
	/** `file:line` of the first place that says it. */
	readonly at: string;
}

/** All that the server, the workflows and the agents may say to people, once each. */
export function saidTemplates(root: string): SaidTemplate[] {
	const files = rooms.flatMap((room) => sourcesOf(root, room));
	const said = files.flatMap((file) => templatesIn(file, readFileSync(join(root, file), "utf8")));
	const first = new Map<string, SaidTemplate>();
	const composed = Object.entries(composedTexts).map(([text, at]) => ({ text, at }));
	for (const template of [...said, ...composed, ...formTexts(root)])
		if (!first.has(template.text)) first.set(template.text, template);
	return [...first.values()];
}

/** `file.ts` of a room that may speak to people. */
export function sourcesOf(root: string, room: string, silent: Readonly<Record<string, string>> = silentPlaces): string[] {
	return readdirSync(join(root, room), { recursive: true, encoding: "utf8" })
		.map((name) => join(room, name).split(sep).join("/"))
		.filter((file) => file.endsWith(".ts") && !/\.test\.ts$|\.d\.ts$|\/testing\/|\/test\//.test(file))
		.filter((file) => !Object.keys(silent).some((place) => file.startsWith(place)))
		.sort();
}

/** The sentences of one source file. */
export function templatesIn(file: string, source: string): SaidTemplate[] {
	const program: unknown = parseAst(source, { lang: "ts" });
	const constants = constantsOf(program);
	const said: Saying[] = [];
	const inlined = new Map<Constant, number>();
	const constantAt = (name: string, start: number) => {
		const constant = constants.findLast((one) => one.name === name && one.init.start < start) ?? null;
		if (constant !== null) inlined.set(constant, (inlined.get(constant) ?? 0) + 1);
		return constant;
	};
	walk(program, (node) => {
		const words = isSaying(node) ? wordsOf(node, constantAt) : null;
		if (words !== null) said.push({ texts: words.texts, node, parts: new Set(words.parts.map(placeOf)) });
	});
	const isInlinedAlways = (start: number) => {
		const constant = constants.findLast(({ init }) => init.start <= start && start < init.end);
		return constant !== undefined && (inlined.get(constant) ?? 0) >= constant.uses;
	};
	const lines = lineStarts(source);
	return said
		.filter(({ node }) => {
			const owners = said.filter((one) => one.node !== node && one.parts.has(placeOf(node)));
			const isWithin = owners.some((one) => one.node.start <= node.start && node.end <= one.node.end);
			return !(isWithin || (owners.length > 0 && isInlinedAlways(node.start)));
		})
		.flatMap(({ texts, node }) => {
			const at = `${file}:${lineOf(lines, node.start)}`;
			return texts
				.map(numbered)
				.filter(isSentence)
				.map((text) => ({ text, at }));
		});
}

interface Saying {
	readonly texts: readonly string[];
	readonly node: Node;
	/** Where the literals and templates are that it is made of. A constant is one only when nothing else reads it. */
	readonly parts: ReadonlySet<string>;
}

function placeOf({ start, end }: Node): string {
	return `${start}-${end}`;
}

/** Choices are read within what they are a part of, and where they stand by themselves by their branches. */
function isSaying(node: Node): boolean {
	return (
		node.type === "TemplateLiteral" ||
		(node.type === "BinaryExpression" && node.operator === "+") ||
		(node.type === "Literal" && typeof node.value === "string")
	);
}

const logs = new Set(["debug", "info", "warn", "error", "fatal"]);

function walk(node: unknown, visit: (node: Node) => void): void {
	if (Array.isArray(node)) for (const child of node) walk(child, visit);
	if (!isNode(node) || isUnsaid(node)) return;
	const counted = countedOf(node);
	if (counted !== null) for (const text of counted) visit(text);
	visit(node);
	for (const [key, child] of Object.entries(node)) {
		if (typeof child !== "object" || (key === "key" && node.computed !== true) || key === "quasi") continue;
		walk(child, visit);
	}
}

/** Types, imports, SQL, patterns, defects, and the words of a log. */
function isUnsaid(node: Node): boolean {
	if (/^TS(?!As|Satisfies|NonNull)/.test(node.type) || node.type === "ImportDeclaration") return true;
	if (node.type === "NewExpression") return /^(Error|RegExp|TypeError)$/.test(String((node.callee as Node).name));
	if (node.type !== "CallExpression") return false;
	const callee = node.callee as Node;
	const owner = callee.object as Node | undefined;
	const logger = owner?.type === "MemberExpression" ? (owner.property as Node).name : owner?.name;
	return /log$/i.test(String(logger)) && logs.has(String((callee.property as Node | undefined)?.name));
}

/** `counted(n, "instance")`, `counted(n, "proxy", "proxies")`: one, and many. */
function countedOf(node: Node): Node[] | null {
	if (node.type !== "CallExpression" || (node.callee as Node).name !== "counted") return null;
	const [, noun, many] = node.arguments as Node[];
	if (typeof noun?.value !== "string") return null;
	const words = [noun.value, typeof many?.value === "string" ? many.value : `${noun.value}s`];
	return words.map((word, index) => ({ ...noun, start: node.start + index, value: `${gap} ${word}` }));
}

function constantsOf(program: unknown): Constant[] {
	const declared: { name: string; init: Node }[] = [];
	const reads = new Map<string, number>();
	const look = (node: unknown): void => {
		if (Array.isArray(node)) node.forEach(look);
		if (!isNode(node)) return;
		if (node.type === "VariableDeclarator" && isNode(node.id) && isNode(node.init) && node.id.type === "Identifier")
			declared.push({ name: String(node.id.name), init: node.init });
		if (node.type === "Identifier") reads.set(String(node.name), (reads.get(String(node.name)) ?? 0) + 1);
		for (const child of Object.values(node)) if (typeof child === "object") look(child);
	};
	look(program);
	const declarations = (name: string) => declared.filter((one) => one.name === name).length;
	return declared.map(({ name, init }) => ({
		name,
		init,
		uses: ((reads.get(name) ?? 0) - declarations(name)) / declarations(name),
	}));
}

/** Gaps side by side, or with a space between, are one: nobody can tell where one ends. */
function numbered(text: string): string {
	let count = 0;
	return text
		.replace(new RegExp(`${gap}( ?${gap})*`, "g"), () => `{${count++}}`)
		.trim()
		.replace(/^[;:,.] +/, "");
}

const units = /\b(?:ms|MB|kB|GB|MiB|GiB)\b/g;

/** Two words or a word and a gap, of small letters at least in part; one alone is a name or a state. */
function isSentence(text: string): boolean {
	const words = text.replace(/\{\d+\}/g, " ").replace(units, " ");
	return /\p{Ll}{2,}/u.test(words) && /\S\s+\S/.test(text) && !silentTexts.some((pattern) => pattern.test(text));
}

interface TemplateForm {
	readonly title: string;
	readonly description: string;
	readonly gives: readonly string[];
	readonly firstChange: { readonly sentence: string };
	readonly form: { readonly properties: Record<string, { readonly title: string; readonly description?: string }> };
}

/** What a template says of itself and asks in its form; titles of one word too. */
function formTexts(root: string): SaidTemplate[] {
	return readdirSync(join(root, "templates")).flatMap((name) => {
		const file = `templates/${name}/template.yaml`;
		const source = readFileSync(join(root, file), "utf8");
		const { title, description, gives, firstChange, form } = parseYaml(source) as TemplateForm;
		const fields = Object.values(form.properties).flatMap((field) => [field.title, field.description]);
		const texts = [title, ...description.split("\n"), ...gives, firstChange.sentence, ...fields];
		return texts.flatMap((text) => {
			if (text === undefined || text === "") return [];
			const at = source.slice(0, source.indexOf(text)).split("\n").length;
			return [{ text, at: `${file}:${at}` }];
		});
	});
}

function lineStarts(source: string): number[] {
	return [0, ...[...source.matchAll(/\n/g)].map(({ index }) => index + 1)];
}

function lineOf(starts: readonly number[], offset: number): number {
	return starts.findLastIndex((start) => start <= offset) + 1;
}
