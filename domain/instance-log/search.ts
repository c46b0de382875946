// Colours, cursor movements and titles: what a reader does not see is not searched.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the control characters
const escapes = /\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)/g;

/** The words as `hasWords` wants them. */
export function searchable(words: string): string {
	return words.toLowerCase();
}

/** Does the text hold the words, upper case or not, colours left out? */
export function hasWords(text: string, words: string): boolean {
	if (words === "") return true;
	return withoutEscapes(text).toLowerCase().includes(words);
}

/** What a terminal would show, without its colours. */
export function withoutEscapes(text: string): string {
	return text.includes("\u001b") ? text.replace(escapes, "") : text;
}
