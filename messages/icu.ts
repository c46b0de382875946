import { type MessageFormatElement, parse, TYPE } from "@formatjs/icu-messageformat-parser";

/** What a text asks for and says, whatever its language. */
export interface TextShape {
	/** Names of what is filled in; with the number's format where it has one, as `total ::.##`. Sorted, once each. */
	readonly fills: readonly string[];
	/** Argument and branch, as `count =0`, `state waiting`. */
	readonly plurals: readonly string[];
	readonly selects: readonly string[];
	/** The words alone, of all branches. */
	readonly words: string;
}

/** Throws where the text is no ICU MessageFormat. */
export function shapeOf(text: string): TextShape {
	const elements = everyElement(parsed(text));
	const branches = (type: TYPE.plural | TYPE.select) =>
		elements.flatMap((one) => (one.type === type ? Object.keys(one.options).map((option) => `${one.value} ${option}`) : []));
	return {
		fills: [...new Set(elements.flatMap(fillOf))].sort(),
		plurals: branches(TYPE.plural),
		selects: branches(TYPE.select),
		words: elements.map((one) => (one.type === TYPE.literal ? one.value : "")).join(" "),
	};
}

/** A tag is text here: no page renders one. */
function parsed(text: string): MessageFormatElement[] {
	try {
		return parse(text, { ignoreTag: true });
	} catch (cause) {
		throw new Error(`“${text}” is not ICU MessageFormat.`, { cause });
	}
}

function everyElement(elements: readonly MessageFormatElement[]): MessageFormatElement[] {
	return elements.flatMap((one) => {
		const isBranching = one.type === TYPE.plural || one.type === TYPE.select;
		return isBranching ? [one, ...Object.values(one.options).flatMap(({ value }) => everyElement(value))] : [one];
	});
}

/** A language may count with a plural where another shows the bare number: only a format of its own must be the same. */
function fillOf(element: MessageFormatElement): string[] {
	if (element.type === TYPE.literal || element.type === TYPE.pound) return [];
	if (element.type !== TYPE.number || element.style === null || element.style === undefined) return [element.value];
	return [`${element.value} ${JSON.stringify(typeof element.style === "string" ? element.style : element.style.tokens)}`];
}
