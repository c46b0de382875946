import Anser from "anser";

export interface Span {
	readonly text: string;
	readonly className: string;
	readonly marked: boolean;
}

// Cursor movements and the like, which a log cannot show; colours (ending in m) stay for the parser.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the control characters
const controls = /\u001b\[[0-9;?]*[A-LN-Za-ln-z]|\u001b\][^\u0007]*\u0007|[\u0000-\u0008\u000b\u000c\u000e-\u001a]/g;

/** The line as pieces of text with class names: never as HTML. Occurrences of `query` are marked, upper case or not. */
export function spansOf(line: string, query: string): Span[] {
	const pieces = Anser.ansiToJson(line.replace(controls, ""), { use_classes: true, json: true, remove_empty: true });
	const spans = pieces.map((piece) => ({ text: piece.content, className: classOf(piece), marked: false }));
	return query === "" ? spans : mark(spans, query);
}

/** What is read and searched, without colours. */
export function plainText(line: string): string {
	return Anser.ansiToText(line.replace(controls, ""));
}

function classOf(piece: { fg: string | null; bg: string | null; decorations: readonly string[] }): string {
	return [piece.fg && `${piece.fg}-fg`, piece.bg && `${piece.bg}-bg`, ...piece.decorations.map((name) => `ansi-${name}`)]
		.filter(Boolean)
		.join(" ");
}

function mark(spans: readonly Span[], query: string): Span[] {
	const whole = spans.map((span) => span.text).join("");
	const ranges = occurrences(whole, query);
	const marked: Span[] = [];
	let offset = 0;
	for (const span of spans) {
		const cuts = [0, span.text.length];
		for (const [start, end] of ranges) cuts.push(start - offset, end - offset);
		const inside = [...new Set(cuts)].filter((cut) => cut >= 0 && cut <= span.text.length).sort((a, b) => a - b);
		for (const [index, start] of inside.slice(0, -1).entries()) {
			const at = offset + start;
			const text = span.text.slice(start, inside[index + 1]);
			marked.push({ text, className: span.className, marked: ranges.some(([from, to]) => at >= from && at < to) });
		}
		offset += span.text.length;
	}
	return marked;
}

/** [start, end) of each occurrence, not overlapping. */
export function occurrences(text: string, query: string): [number, number][] {
	if (query === "") return [];
	const found: [number, number][] = [];
	const low = text.toLowerCase();
	const needle = query.toLowerCase();
	for (let at = low.indexOf(needle); at !== -1; at = low.indexOf(needle, at + needle.length))
		found.push([at, at + needle.length]);
	return found;
}
