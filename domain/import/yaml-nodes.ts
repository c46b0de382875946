import {
	type Alias,
	type Document,
	isAlias,
	isMap,
	isNode,
	isScalar,
	isSeq,
	LineCounter,
	type Node,
	parseAllDocuments,
	visit,
} from "yaml";
import type { Found, Place, SourceFile } from "@/domain/import/model";
import { whyNotReadable } from "@/domain/import/readable";

/** Aliases and merges multiply: a bomb is not unfolded, only walked, and not for ever. */
const mostSteps = 100_000;

/** Throws TooMuch when a document refers to itself again and again. */
class TooMuch extends Error {}

interface YamlSource {
	readonly file: string;
	readonly lines: LineCounter;
	readonly anchors: ReadonlyMap<string, readonly Node[]>;
	steps: number;
}

/** A node with its place; maps are read with aliases and `<<` followed. */
export class YamlNode {
	constructor(
		private readonly node: Node | null,
		private readonly source: YamlSource,
	) {}

	get at(): Place {
		return { file: this.source.file, line: Math.max(1, this.source.lines.linePos(this.node?.range?.[0] ?? 0).line) };
	}

	entries(): [string, YamlNode][] {
		const found = new Map<string, YamlNode>();
		this.collect(this.node, found, 0);
		return [...found];
	}

	get(...path: readonly string[]): YamlNode | null {
		let at: YamlNode | null = this;
		for (const key of path) at = at?.entries().find(([name]) => name === key)?.[1] ?? null;
		return at;
	}

	items(): YamlNode[] {
		const node = this.resolved(this.node);
		return isSeq(node) ? node.items.map((item) => this.child(item as Node)) : [];
	}

	/** The scalar as text; null = it is none, or empty. */
	text(): string | null {
		const node = this.resolved(this.node);
		if (!isScalar(node) || node.value === null) return null;
		const text = typeof node.value === "string" ? node.value : (node.source ?? String(node.value));
		return text.trim() === "" ? null : text;
	}

	found(...path: readonly string[]): Found<string> | undefined {
		const node = this.get(...path);
		const value = node?.text() ?? null;
		return node && value !== null ? { value, at: node.at } : undefined;
	}

	/** The scalars of a list, or the one scalar. */
	words(): string[] {
		const one = this.text();
		return one === null ? this.items().flatMap((item) => item.text() ?? []) : [one];
	}

	get isMap(): boolean {
		return isMap(this.resolved(this.node));
	}

	private child(node: Node | null): YamlNode {
		return new YamlNode(node, this.source);
	}

	private resolved(node: Node | null): Node | null {
		this.source.steps += 1;
		if (this.source.steps > mostSteps) throw new TooMuch();
		return isAlias(node) ? anchored(node, this.source.anchors) : node;
	}

	/** Keys of the map itself win over merged ones, earlier merged ones over later. */
	private collect(of: Node | null, found: Map<string, YamlNode>, depth: number): void {
		const node = this.resolved(of);
		if (!isMap(node) || depth > 10) return;
		const merged: (Node | null)[] = [];
		for (const pair of node.items) {
			this.source.steps += 1;
			const key = isScalar(pair.key) ? String(pair.key.value) : null;
			const value = (pair.value as Node | null) ?? null;
			if (key === "<<") merged.push(value);
			else if (key !== null && !found.has(key)) found.set(key, this.child(value));
		}
		for (const one of merged) {
			const resolved = this.resolved(one);
			const all = isSeq(resolved) ? (resolved.items as Node[]) : [resolved];
			for (const part of all) this.collect(part, found, depth + 1);
		}
	}
}

/** Reads a YAML file with `read`; whatever is wrong with it is a sentence, never an error. */
export function readYaml<T>(file: SourceFile, read: (documents: readonly YamlNode[]) => T): T | string {
	const unread = whyNotReadable(file);
	if (unread !== null) return unread;
	if (isTooDeep(file.text)) return `${file.path} is nested too deeply and was not read.`;
	const lines = new LineCounter();
	try {
		const parsed = parseAllDocuments(file.text, { lineCounter: lines, uniqueKeys: false, logLevel: "silent" });
		const documents = Array.isArray(parsed) ? parsed : [];
		const problem = documents.flatMap(({ errors }) => errors)[0];
		if (problem) {
			const { line } = lines.linePos(problem.pos[0]);
			return `${file.path}:${Math.max(1, line)} is no YAML and was not read: ${problem.message.split("\n")[0]?.replace(/ at line.*$/, "")}.`;
		}
		return read(
			documents.map(
				(document) => new YamlNode(document.contents, { file: file.path, lines, anchors: anchorsOf(document), steps: 0 }),
			),
		);
	} catch (error) {
		if (error instanceof TooMuch) return `${file.path} refers to itself too often (aliases or merges) and was not read.`;
		return `${file.path} could not be read as YAML.`;
	}
}

/** Found once: the library's own search walks the document for each alias. */
function anchorsOf(document: Document.Parsed): Map<string, Node[]> {
	const anchors = new Map<string, Node[]>();
	visit(document, (_, node) => {
		if (!isNode(node) || isAlias(node)) return;
		const anchor = (node as { anchor?: string }).anchor;
		if (anchor !== undefined) anchors.set(anchor, [...(anchors.get(anchor) ?? []), node]);
	});
	return anchors;
}

/** The newest anchor of this name before the alias. */
function anchored(alias: Alias, anchors: YamlSource["anchors"]): Node | null {
	const before = (alias.range?.[0] ?? 0) as number;
	return anchors.get(alias.source)?.findLast((node) => (node.range?.[0] ?? 0) < before) ?? null;
}

/** A parser goes one call deeper with each bracket. */
const deepest = 200;

function isTooDeep(text: string): boolean {
	let depth = 0;
	for (const character of text) {
		if (character === "[" || character === "{") depth += 1;
		else if (character === "]" || character === "}") depth -= 1;
		if (depth > deepest) return true;
	}
	return /(?:[-?] ){100}/.test(text);
}
