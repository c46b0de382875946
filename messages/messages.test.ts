import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import messages from "./texts/en.json";
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
	if (!pattern.includes("*")) return pattern === key;
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

	it("are found in choices, joined parts, properties and sentences too, and commands are none", () => {
		const literalsOf = (code: string) => textsIn("a.tsx", `function A() { ${code} }`).literals;
		expect(literalsOf('return <p title={x ? "Some words" : t("a")}>{n > 1 && "things"}{n + " of them"}</p>;')).toEqual([
			"a.tsx: things",
			"a.tsx:  of them",
			"a.tsx: Some words",
		]);
		expect(literalsOf(`return <Input aria-label={\`Value of \${name}\`} />;`)).toEqual(["a.tsx: Value of …"]);
		expect(literalsOf('return [{ href: "/hosts", label: "hosts" }];')).toEqual(["a.tsx: hosts"]);
		expect(literalsOf(`setProblem("The portal is away."); throw new Error(\`Nothing is called \${name}\`);`)).toEqual([
			"a.tsx: The portal is away.",
			"a.tsx: Nothing is called …",
		]);
		expect(literalsOf(`return <Copy className="flex gap-2" text={\`git clone \${url}\`}>{t("a")}</Copy>;`)).toEqual([]);
	});
});
