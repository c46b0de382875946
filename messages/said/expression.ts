export type Node = Record<string, unknown> & { readonly type: string; readonly start: number; readonly end: number };

/** `const name = init` of a file, and how often its name is read. */
export interface Constant {
	readonly name: string;
	readonly init: Node;
	readonly uses: number;
}

export interface Words {
	/** Every text that the expression may come to; a gap is `gap`. */
	readonly texts: readonly string[];
	/** Nodes that became part of it and say nothing by themselves. */
	readonly parts: readonly Node[];
}

/** Stands for a value, until gaps are numbered. */
export const gap = "\u0000";

/** A sentence with more forms than this is one with gaps. */
const mostForms = 8;

/** What a string expression says, with choices written out; null = no text stands in it. */
export function wordsOf(node: Node, constantAt: (name: string, start: number) => Constant | null): Words | null {
	const within = (child: unknown): Words | null => (isNode(child) ? wordsOf(child, constantAt) : null);
	switch (node.type) {
		case "Literal":
			return typeof node.value === "string" ? { texts: [node.value], parts: [node] } : null;
		case "ParenthesizedExpression":
		case "TSAsExpression":
		case "TSSatisfiesExpression":
			return within(node.expression);
		case "TemplateLiteral": {
			const quasis = (node.quasis as { value: { cooked: string } }[]).map(({ value }) => value.cooked);
			return joined(node, interleaved(quasis, node.expressions as Node[]), within);
		}
		case "BinaryExpression":
			return node.operator === "+" && hasText(node) ? joined(node, [node.left as Node, node.right as Node], within) : null;
		case "ConditionalExpression": {
			const ways = [within(node.consequent), within(node.alternate)];
			const [yes, no] = ways;
			if (!yes || !no) return null;
			return { texts: [...yes.texts, ...no.texts], parts: [...yes.parts, ...no.parts] };
		}
		case "CallExpression":
			return capitalOf(node, within);
		case "Identifier": {
			const constant = constantAt(String(node.name), node.start);
			return constant === null ? null : wordsOf(constant.init, constantAt);
		}
		default:
			return null;
	}
}

function joined(whole: Node, pieces: readonly (string | Node)[], within: (child: Node) => Words | null): Words {
	let texts: readonly string[] = [""];
	const parts: Node[] = [whole];
	for (const piece of pieces) {
		const words = typeof piece === "string" ? { texts: [piece], parts: [] } : within(piece);
		const fits = words !== null && texts.length * words.texts.length <= mostForms;
		const ends = fits ? words.texts : [gap];
		if (fits) parts.push(...words.parts);
		texts = texts.flatMap((text) => ends.map((end) => text + end));
	}
	return { texts, parts };
}

function interleaved(quasis: readonly string[], expressions: readonly Node[]): (string | Node)[] {
	return quasis.flatMap((quasi, index) => {
		const expression = expressions[index];
		return expression === undefined ? [quasi] : [quasi, expression];
	});
}

/** `capital(name)` in domain/scaffold: the same with a capital. */
function capitalOf(node: Node, within: (child: unknown) => Words | null): Words | null {
	const callee = node.callee as Node;
	const words = callee.name === "capital" ? within((node.arguments as Node[])[0]) : null;
	return words === null ? null : { texts: words.texts.map((text) => text.charAt(0).toUpperCase() + text.slice(1)), parts: [] };
}

function hasText(node: Node): boolean {
	return [node.left, node.right].some((side) => {
		if (!isNode(side)) return false;
		if (side.type === "BinaryExpression") return hasText(side);
		return side.type === "TemplateLiteral" || (side.type === "Literal" && typeof side.value === "string");
	});
}

export function isNode(value: unknown): value is Node {
	return typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";
}
