import type { WordOf } from "./translator";

/** Finds `rolloutState` and `promoted` in a tree of texts; in `serviceVerbs.*.button` the word takes the place of the star. */
export function wordsIn(messages: object): WordOf {
	return (kind, word) => {
		const path = kind.includes("*") ? kind.split(".").map((name) => (name === "*" ? word : name)) : [...kind.split("."), word];
		const found = path.reduce<unknown>((tree, name) => (isTree(tree) && Object.hasOwn(tree, name) ? tree[name] : null), messages);
		return typeof found === "string" ? found : null;
	};
}

function isTree(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null;
}
