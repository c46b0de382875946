import type { NamedImage } from "@/domain/pipeline/named-images";

/** An image under another name, and what a stage that begins with it sets first. */
export interface Replacement {
	readonly image: NamedImage;
	readonly reference: string;
	readonly sets: readonly string[];
}

/** The Dockerfile with other images in the places of some; all else stays as it is written. */
export function withReplacements(dockerfile: string, replacements: readonly Replacement[]): string {
	const edits = replacements.flatMap(({ image, reference, sets }) =>
		image.places.flatMap(({ start, end, begun }) => [
			{ start, end, text: reference },
			...(begun === null || sets.length === 0 ? [] : [{ start: begun, end: begun, text: `\n${sets.join("\n")}` }]),
		]),
	);
	return edits
		.sort((a, b) => b.start - a.start)
		.reduce((text, { start, end, text: instead }) => text.slice(0, start) + instead + text.slice(end), dockerfile);
}

/** BuildKit's words with its line numbers as they are in the Dockerfile that was written. */
export function withWrittenLines(output: string, dockerfile: string, replacements: readonly Replacement[]): string {
	const added = replacements
		.flatMap(({ image, sets }) => image.places.flatMap(({ begun }) => (begun === null ? [] : [{ begun, lines: sets.length }])))
		.sort((a, b) => a.begun - b.begun)
		.map(({ begun, lines }) => ({ after: lineAt(dockerfile, begun), lines }));
	const written = (line: number) => added.reduce((at, { after, lines }) => (at > after ? Math.max(after, at - lines) : at), line);
	return output.replace(
		/(parse error(?: on)? line )(\d+)/gi,
		(_, words: string, line: string) => `${words}${written(Number(line))}`,
	);
}

function lineAt(text: string, offset: number): number {
	return text.slice(0, offset).split("\n").length;
}
