import { describe, expect, it } from "vitest";
import type { CanaryStep } from "@/domain/manifest/model";
import { roles } from "@/domain/roles";
import { rolloutSteps } from "@/domain/rollout/steps";
import { shapeOf } from "./icu";
import en from "./texts/en.json";
import zh from "./texts/zh.json";

const languages: Record<string, ReadonlyMap<string, string>> = { en: textsOf(en), zh: textsOf(zh) };
const english = languageOf("en");

/** Without a word to translate: names, units, and what is typed as it stands. */
const untranslated: readonly string[] = [
	"app.name",
	"create.nameExample",
	"create.import.choose.addressExample",
	"create.import.manifest",
	"hosts.memoryOf",
	"provenance.docker",
];

function languageOf(name: string): ReadonlyMap<string, string> {
	return languages[name] ?? new Map();
}

function textsOf(tree: object, prefix = ""): Map<string, string> {
	return new Map(
		Object.entries(tree).flatMap(([name, value]) =>
			typeof value === "string" ? [[`${prefix}${name}`, value] as const] : [...textsOf(value as object, `${prefix}${name}.`)],
		),
	);
}

/** What of these texts must not be, as sentences that name the key. */
function problemsOf(language: string, texts: ReadonlyMap<string, string>, isWrong: (text: string, original: string) => boolean) {
	return [...texts].flatMap(([key, text]) => {
		const original = english.get(key);
		return original !== undefined && isWrong(text, original) ? [`${language} ${key}: ${text}`] : [];
	});
}

function asksForElse(text: string, original: string): boolean {
	return String(shapeOf(text).fills) !== String(shapeOf(original).fills);
}

function lacksBranch(text: string, original: string): boolean {
	const { selects, plurals } = shapeOf(text);
	const wanted = shapeOf(original);
	const exact = wanted.plurals.filter((branch) => branch.includes(" ="));
	return wanted.selects.some((branch) => !selects.includes(branch)) || exact.some((branch) => !plurals.includes(branch));
}

/** Categories that a language has; a branch for another one is never said. */
function hasForeignPlural(language: string, text: string): boolean {
	const categories: readonly string[] = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
	return shapeOf(text).plurals.some((branch) => !/ =\d+$/.test(branch) && !categories.includes(branch.split(" ")[1] ?? ""));
}

function hasWords(text: string): boolean {
	return /\p{L}{2,}/u.test(shapeOf(text).words);
}

/** Says words, and none of them is Chinese. */
function isNotChinese(text: string): boolean {
	return hasWords(text) && !/\p{Script=Han}/u.test(shapeOf(text).words);
}

/** A comma, colon, question mark … of the Latin script right after a Chinese character. */
function hasLatinPunctuation(text: string): boolean {
	return /\p{Script=Han}[,;:?!]|\p{Script=Han}\.(?!\w)|\.{3}/u.test(text);
}

describe.each(Object.keys(languages).filter((name) => name !== "en"))("the texts in %s", (name) => {
	const texts = languageOf(name);

	it("are the same as the English ones, no more and no less", () => {
		expect(english.size).toBeGreaterThan(900);
		expect([...english.keys()].filter((key) => !texts.has(key))).toEqual([]);
		expect([...texts.keys()].filter((key) => !english.has(key))).toEqual([]);
	});

	it("fill in the same values, with the same format", () => {
		expect(problemsOf(name, texts, asksForElse)).toEqual([]);
	});

	it("have a branch for each case that English tells apart", () => {
		expect(problemsOf(name, texts, lacksBranch)).toEqual([]);
	});

	it("are none of them left as they were in English", () => {
		const same = [...texts].filter(([key, text]) => text === english.get(key) && hasWords(text) && !untranslated.includes(key));
		expect(same).toEqual([]);
	});
});

it.each(Object.entries(languages))("the texts in %s count as their language does", (name, texts) => {
	expect(problemsOf(name, texts, (text) => hasForeignPlural(name, text))).toEqual([]);
});

describe("Chinese", () => {
	it("stands in every text that says something", () => {
		expect([...languageOf("zh")].flatMap(([key, text]) => (isNotChinese(text) ? [key] : []))).toEqual(untranslated);
	});

	it("has its own punctuation", () => {
		expect([...languageOf("zh")].filter(([, text]) => hasLatinPunctuation(text))).toEqual([]);
	});
});

describe("the server's single words", () => {
	const select = (text: string) => shapeOf(text).selects;

	it("are known in Chinese: every part of a rollout", () => {
		const canary: readonly CanaryStep[] = [
			{ kind: "weight", weight: 10 },
			{ kind: "pause", durationMs: null },
			{ kind: "analysis", count: 2 },
		];
		const facts = { state: "running", from: 1, to: 2, weight: 0, step: 0, successful: {} } as const;
		const parts = [
			...rolloutSteps({ ...facts, steps: canary, approvals: { given: 0, needed: 1 } }, []),
			...rolloutSteps({ ...facts, steps: [], approvals: null }, []),
		];
		const names = [...new Set(parts.map(({ name }) => name).filter((name) => !/^\d+ %$/.test(name)))];
		expect(names.length).toBeGreaterThan(6);
		expect(names.filter((name) => !select(zh.serverWord.step).includes(`word ${name}`))).toEqual([]);
	});

	it("are known in Chinese: every role", () => {
		expect(roles.filter((role) => !select(zh.serverWord.personRole).includes(`word ${role}`))).toEqual([]);
	});
});

describe("the comparison", () => {
	it("sees another value, another format, a missing case and a plural that Chinese has not", () => {
		expect(asksForElse("{name} 已创建", "{title} is made")).toBe(true);
		expect(asksForElse("{n, number} 号", "Number {n, number, ::group-off}")).toBe(true);
		expect(asksForElse("{count, number} 个", "{count, plural, one {# thing} other {# things}}")).toBe(false);
		expect(lacksBranch("{count} 个", "{count, plural, =0 {none} other {#}}")).toBe(true);
		expect(lacksBranch("{state, select, other {失败}}", "{state, select, waiting {waits} other {failed}}")).toBe(true);
		expect(hasForeignPlural("zh", "{count, plural, one {一个} other {# 个}}")).toBe(true);
		expect(hasForeignPlural("zh", "{count, plural, =1 {一个} other {# 个}}")).toBe(false);
		expect(() => shapeOf("{count, plural, one {#}")).toThrow();
	});

	it("sees text that is not Chinese, and punctuation that is not", () => {
		expect(isNotChinese("Docker")).toBe(true);
		expect(isNotChinese("{count} of {total}")).toBe(true);
		expect(isNotChinese("{weight}%")).toBe(false);
		expect(hasLatinPunctuation("名称:")).toBe(true);
		expect(hasLatinPunctuation("加载中...")).toBe(true);
		expect(hasLatinPunctuation("名称：orders.internal")).toBe(false);
	});
});
