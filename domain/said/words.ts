/** A single word of a kind, as `rolloutState` and `promoted` (pattern.ts); null = there is none. */
export type WordOf = (kind: string, word: string) => string | null;
/** All words of a kind, each with how it is read. */
export type WordsOf = (kind: string) => Iterable<readonly [word: string, read: string]>;

/** Finds `rolloutState` and `promoted` in a tree of texts; in `serviceVerbs.*.button` the word takes the place of the star. */
export function wordsIn(messages: object): WordOf {
	return (kind, word) => {
		const found = at(messages, pathOf(kind, word));
		return typeof found === "string" ? found : null;
	};
}

export function allWordsIn(messages: object): WordsOf {
	const wordOf = wordsIn(messages);
	return function* (kind) {
		const tree = at(messages, kind.includes("*") ? kind.slice(0, kind.indexOf(".*")).split(".") : kind.split("."));
		for (const word of isTree(tree) ? Object.keys(tree) : []) {
			const read = wordOf(kind, word);
			if (read !== null) yield [word, read];
		}
	};
}

function pathOf(kind: string, word: string): string[] {
	return kind.includes("*") ? kind.split(".").map((name) => (name === "*" ? word : name)) : [...kind.split("."), word];
}

function at(messages: object, path: readonly string[]): unknown {
	return path.reduce<unknown>((tree, name) => (isTree(tree) && Object.hasOwn(tree, name) ? tree[name] : null), messages);
}

function isTree(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null;
}
