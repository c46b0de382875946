import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import messages from "./en.json";
import { sourcesOf, textsIn } from "./used-texts";

const root = fileURLToPath(new URL("..", import.meta.url));
const found = ["app", "components"].flatMap((room) => sourcesOf(`${root}${room}`)).map((file) => textsIn(file));
const used = [...new Set(found.flatMap((file) => file.keys))];
const known = keysOf(messages);

function keysOf(tree: object, prefix = ""): string[] {
	return Object.entries(tree).flatMap(([name, value]) =>
		typeof value === "string" ? [`${prefix}${name}`] : keysOf(value as object, `${prefix}${name}.`),
	);
}

function matches(pattern: string, key: string): boolean {
	const literal = pattern.split("*").map((part) => part.replace(/[.]/g, "\\."));
	return new RegExp(`^${literal.join("[^.]+")}$`).test(key);
}

describe("texts", () => {
	it("stand in messages only, never in a page or a component", () => {
		expect(found.flatMap((file) => file.literals)).toEqual([]);
	});

	it("exist for every key that is used", () => {
		expect(used.length).toBeGreaterThan(200);
		expect(used.filter((pattern) => !known.some((key) => matches(pattern, key)))).toEqual([]);
	});

	it("are used, every one of them", () => {
		expect(known.filter((key) => !used.some((pattern) => matches(pattern, key)))).toEqual([]);
	});

	it("are found where they hide", () => {
		const source = `export function A() { const t = useTranslations("nav"); return <p title="Some words">Loose text {"more text"} {t("home")} {t(x ? "a" : "b")} {t(\`hint.\${s}\`)}</p>; }`;
		const { keys, literals } = textsIn("a.tsx", source);
		expect(keys).toEqual(["nav.home", "nav.a", "nav.b", "nav.hint.*"]);
		expect([...literals].sort()).toEqual(["a.tsx: Loose text", "a.tsx: Some words", "a.tsx: more text"]);
	});
});
