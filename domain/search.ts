/** More would only make a question slower. */
const mostWords = 10;

/** What somebody typed as the words that must all be in what is found, each anywhere in it, in whatever case. */
export function searchWords(text: string): string[] {
	return text
		.toLowerCase()
		.split(/\s+/)
		.filter((word) => word !== "")
		.slice(0, mostWords);
}

/** A pattern of SQL's `like` for what contains this text: its own signs mean themselves. */
export function likeAnywhere(text: string): string {
	return likeInTurn([text]);
}

/** The same for texts that follow each other, with anything between. */
export function likeInTurn(texts: readonly string[]): string {
	return `%${texts.map((text) => text.replaceAll(/[\\%_]/g, "\\$&")).join("%")}%`;
}
