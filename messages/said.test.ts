import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { Translator } from "@/app/i18n/said/translator";
import { patternOf, valuesIn } from "@/domain/said/pattern";
import { SaidSearch } from "@/domain/said/search";
import { allWordsIn, wordsIn } from "@/domain/said/words";
import { silentPlaces } from "./said/places";
import { shownRaw } from "./said/shown";
import { saidTemplates, sourcesOf, templatesIn } from "./said/templates";
import said from "./said.zh.json";
import zh from "./texts/zh.json";
import { sourcesOf as sourcesIn } from "./used-texts";

const root = fileURLToPath(new URL("..", import.meta.url));
const catalogue: Readonly<Record<string, string>> = said;
const templates = saidTemplates(root);
const wordOf = wordsIn(zh);
const translator = new Translator(catalogue, wordOf);
const translate = (text: string) => translator.translate(text);

/** The gaps of a sentence or of its translation, once each. */
function gapsOf(text: string): string[] {
	return [...new Set([...text.matchAll(/\{(\d+)(?:#|:[\w.*|]+)?\}/g)].map(([, index]) => index ?? ""))].sort();
}

/** A value that no sentence has: a number where one is asked for, a word where one is. */
function sampleOf(index: string, translated: string): string {
	if (translated.includes(`{${index}#}`) || translated.includes(`v{${index}}`)) return String(40 + Number(index));
	const kinds = new RegExp(`\\{${index}:([\\w.*|]+)\\}`).exec(translated)?.[1]?.split("|") ?? [];
	return knownWords.find((word) => kinds.some((kind) => wordOf(kind, word) !== null)) ?? `q${index}z`;
}
const knownWords = ["promoted", "passed", "success-rate", "stable", "scale", "failed", "service"];

function filled(text: string, translated: string): string {
	return text.replace(/\{(\d+)(?:#|:([\w.*|]+))?\}/g, (_, index: string, kinds: string | undefined) => {
		const value = sampleOf(index, translated);
		const words = (kinds?.split("|") ?? []).map((kind) => wordOf(kind, value));
		return words.find((word) => word !== null) ?? value;
	});
}

/** What stays in Latin letters: names of things, as zh.json has them, and what is typed. */
const latin =
	/`[^`]*`|“[^”]*”|\$\{[^}]*\}|\{.*\}|<[\w ]+>|[^\s\p{Script=Han}，。：；（）“”`]*[./:@_=-][^\s\p{Script=Han}，。：；（）“”`]*|\p{L}*\p{Lu}[\p{L}\d.]*|\p{L}+\d+/gu;
const names = new Set(
	"worker shell baggage null admin operator developer gateway node canary rolling metrics analysis args command entrypoint git http https grpc tcp main staging production services unix h2c envoy mode validate files root true false".split(
		" ",
	),
);

describe("what the server says, in Chinese", () => {
	it("has a translation of every sentence: `npm run said` writes down those that have none", () => {
		const missing = templates.filter(({ text }) => (catalogue[text] ?? "") === "");
		// One text, so that it can be pasted: each line with where it is said.
		expect(missing.map(({ at, text }) => `${JSON.stringify(text)}: "", // ${at}`).join("\n")).toBe("");
		expect(templates.length).toBeGreaterThan(700);
	});

	it("translates no sentence that nobody says: `npm run said` removes it", () => {
		const known = new Set(templates.map(({ text }) => text));
		expect(Object.keys(catalogue).filter((text) => !known.has(text))).toEqual([]);
	});

	it("fills in the same values", () => {
		const wrong = Object.entries(catalogue).filter(([english, text]) => String(gapsOf(english)) !== String(gapsOf(text)));
		expect(wrong).toEqual([]);
	});

	it("is found again from the English sentence, each its own, with its values in it", () => {
		const wrong = Object.entries(catalogue).flatMap(([english, text]) => {
			const sentence = filled(english.replace(/\{(\d+)\}/g, "{$1}"), text);
			const given = english.replace(/\{(\d+)\}/g, (_, index: string) => sampleOf(index, text));
			const wanted = filled(text, text);
			const seen = translate(given);
			return seen === wanted ? [] : [{ sentence, seen, wanted }];
		});
		expect(wrong).toEqual([]);
	});

	it("leaves no English in a sentence", () => {
		const left = Object.entries(catalogue).flatMap(([english, text]) => {
			const words =
				text
					.replace(/\{\d+(?:#|:[\w.*|]+)?\}/g, " ")
					.replace(latin, " ")
					.match(/[a-z]{2,}/g) ?? [];
			const odd = words.filter((word) => !names.has(word) && !/^(ms|kB|MB)$/.test(word));
			return odd.length === 0 ? [] : [`${english}: ${odd.join(" ")}`];
		});
		expect(left).toEqual([]);
	});

	it("is written as Chinese is", () => {
		const odd = Object.values(catalogue).filter((text) => /\p{Script=Han}[,;:?!]|\p{Script=Han}\.(?!\w)/u.test(text));
		expect(odd).toEqual([]);
	});

	it("names only places that there are", () => {
		const all = ["domain", "server", "workflows", "agents", "adapters", "platform/supervisor"].flatMap((room) =>
			everything(room),
		);
		expect(Object.keys(silentPlaces).filter((place) => !all.some((file) => file.startsWith(place)))).toEqual([]);
	});
});

function everything(room: string): string[] {
	return sourcesOf(root, room, {});
}

describe("a sentence of the portal", () => {
	it.each([
		["administrator made the repository orders", "administrator 创建了仓库 orders"],
		["2 of 2 running", "2/2 运行中"],
		["nothing to drain", "无需排空"],
		[
			"Ada Lovelace asked to abort: too slow (rollout 3 of orders in staging)",
			"Ada Lovelace 请求中止：too slow（staging 环境中 orders 的发布 3）",
		],
		["Ada started rollout 7: release 4 of orders to production", "Ada 发起了发布 7：orders 的版本 4 发布到 production 环境"],
		["aborted by Ada: it is slow", "由 Ada 中止：it is slow"],
		[
			'sluice.yaml:3:5: unknown key "instancez"; did you mean "instances"?',
			"sluice.yaml:3:5：未知的键“instancez”；是否想写“instances”？",
		],
		["Rollout 3 has ended (promoted): start a new one instead.", "发布 3 已结束（已全量）：请发起新的发布。"],
		[
			"compose.yaml:4: env_file is not read: set what it holds in the service's configuration.",
			"compose.yaml:4: env_file 不会被读取：请在服务的配置中设置其内容。",
		],
		[
			"Pipeline 3 failed: the tests were red. Push a fix to the main branch and it goes on, or cancel.",
			"流水线 3 失败：the tests were red。向主分支推送修复后会继续，也可以取消。",
		],
		["2 instances of release 3 placed on h1, h2", "版本 3 的 2 个实例已放置到 h1, h2"],
		[
			"the analysis failed: success-rate of the candidate is 91 % (9 of 100 requests failed), below the limit of 99 %; the stable release has 100 %",
			"分析未通过：候选版本的成功率为 91 %（100 个请求中 9 个失败），低于阈值 99 %；稳定版本为 100 %",
		],
		["Revision 12: release 3 at 90 %, release 4 at 10 %", "修订 12：版本 3 承接 90%，版本 4 承接 10%"],
		[
			"release.list needs the role operator; Ada is viewer. An administrator can change that.",
			"release.list 需要 operator 角色；Ada 的角色是 viewer。管理员可以更改。",
		],
		["There is no service orders.\nThere is no host h9.", "没有服务 orders。\n没有主机 h9。"],
		["Docker: it is broken. It is tried again.", "Docker：it is broken. 将重试。"],
		[
			"Rolled back: release 2 serves orders in staging: aborted by administrator: seen enough",
			"已回滚：版本 2 在 staging 环境中为 orders 提供服务：由 administrator 中止：seen enough",
		],
		[
			"mei approved the plan: read it all (rollout 4 of orders in staging)",
			"mei 批准了计划：read it all（staging 环境中 orders 的发布 4）",
		],
		[
			"Measurement 1: inconclusive: not enough requests: 0 of 50 needed",
			"第 1 次测量：无法判定：请求数不足：需要 50 个，只有 0 个",
		],
		["not enough requests: 0 of 50 needed; the stable release has 100 %", "请求数不足：需要 50 个，只有 0 个；稳定版本为 100 %"],
		["There is a service orders already: choose another name.", "服务 orders 已存在：请选择其他名称。"],
	])("%s", (english, chinese) => {
		expect(translate(english)).toBe(chinese);
	});

	it("that is not known stays as it came", () => {
		for (const text of ["", "orders", "h1/envoy-0", "Some library says: port of host in use, and more. Really!", "发布"]) {
			expect(translate(text)).toBe(text);
		}
	});

	it("is looked for in linear time, however it is made", () => {
		const lengthOf = (text: string) => {
			const start = performance.now();
			new Translator(catalogue, wordOf).translate(text);
			return performance.now() - start;
		};
		const nasty = [
			"a ".repeat(50_000),
			"Host ".repeat(20_000),
			"Rollout 3 of of of in in in ".repeat(4_000),
			": the the of of in in ".repeat(5_000),
			"a. B. ; , and : \n".repeat(6_000),
			...["a. B ", "x: y ", "a, b and c; ", "There is no "].map((text) => text.repeat(4_000 / text.length)),
		];
		for (const text of nasty) expect(lengthOf(text)).toBeLessThan(2_000);
	});
});

describe("a search with Chinese words", () => {
	const search = new SaidSearch(catalogue, allWordsIn(zh));
	const finds = (words: string, english: string) =>
		search.piecesOf(words)?.every(({ text, sentences }) => [[text], ...sentences].some((traces) => areIn(english, traces)));
	/** As SQL's `like` with a % around each of them. */
	const areIn = (english: string, traces: readonly string[]) => {
		const kept = english.toLowerCase();
		let at = 0;
		return traces.every((trace) => {
			const found = kept.indexOf(trace, at);
			at = found + trace.length;
			return found !== -1;
		});
	};

	it("finds every sentence by all that is read of it", () => {
		const lost = Object.entries(catalogue).flatMap(([english, text]) => {
			const kept = english.replace(/\{(\d+)\}/g, (_, index: string) => sampleOf(index, text));
			const read = translate(kept);
			return !/\p{Script=Han}/u.test(read) || finds(read, kept) ? [] : [{ kept, read }];
		});
		expect(lost).toEqual([]);
	});

	it.each([
		["发起了发布", "Ada started rollout 7: release 4 of orders to production"],
		["Ada 发起了 发布 7", "Ada started rollout 7: release 4 of orders to production"],
		["已全量", "Rollout 3 has ended (promoted): start a new one instead."],
		["由 Ada 中止", "aborted by Ada: it is slow"],
		["请求中止：too slow", "Ada Lovelace asked to abort: too slow (rollout 3 of orders in staging)"],
		["创建了仓库", "administrator made the repository orders"],
		["王小明", "王小明 made the repository orders"],
	])("%s finds: %s", (words, english) => {
		expect(finds(words, english)).toBe(true);
	});

	it.each([
		["发起了发布", "administrator made the repository orders"],
		["创建了仓库 cart", "administrator made the repository orders"],
		["已回滚", "Rollout 3 has ended (promoted): start a new one instead."],
	])("%s does not find: %s", (words, english) => {
		expect(finds(words, english)).toBe(false);
	});

	it("is none without Chinese letters: it means what it says", () => {
		expect(search.piecesOf("started rollout 7: release")).toBeNull();
	});
});

describe("a pattern", () => {
	it("takes each literal where it comes first, the last one at the end, and no overlap", () => {
		const pattern = patternOf("{0} of {1} in {2}.", "{2} {1} {0}");
		expect(valuesIn("release 3 of a of b in c in d.", pattern)).toEqual(["release 3", "a of b", "c in d"]);
		expect(valuesIn("a of b", pattern)).toBeNull();
		expect(valuesIn("ab", patternOf("ab{0}ba", "{0}"))).toBeNull();
		expect(valuesIn("aba", patternOf("ab{0}ba", "{0}"))).toBeNull();
		expect(valuesIn("two of 3", patternOf("{0} of {1}", "{0#}/{1#}"))).toBeNull();
		expect(valuesIn("2 of 3", patternOf("{0} of {1}", "{0#}/{1#}"))).toEqual(["2", "3"]);
	});
});

describe("a page", () => {
	it("shows what the server says through Said or said(), never as it came", () => {
		const pages = sourcesIn(`${root}app`).filter((file) => file.endsWith(".tsx"));
		expect(pages.length).toBeGreaterThan(100);
		const raw = pages.flatMap((file) => shownRaw(file)).map((found) => found.slice(root.length));
		// Why a person froze an environment, in their own words.
		expect(raw.sort()).toEqual(["app/(portal)/environments/freezes.tsx: reason", "app/status/frozen.tsx: reason"]);
	});

	it("that does is found; a commit's message is its author's", () => {
		const of = (code: string) => shownRaw("a.tsx", `const A = () => ${code};`);
		expect(of("<p>{row.reason}</p>")).toEqual(["a.tsx: reason"]);
		expect(of("<Notice title={problem} />")).toEqual(["a.tsx: problem"]);
		expect(of("<p><Said text={row.reason} />{said(row.reason)}</p>")).toEqual([]);
		expect(of("commits.map(({ message }) => <li title={message}>{message}</li>)")).toEqual([]);
	});
});

describe("the sentences of a source", () => {
	const textsIn = (code: string) => templatesIn("a.ts", code).map(({ text }) => text);

	it("are all its texts with gaps, and choices written out", () => {
		expect(textsIn(`throw new AppError('conflict', \`Host \${name} is \${a ? 'not drained' : 'gone'}.\`);`)).toEqual([
			"Host {0} is not drained.",
			"Host {0} is gone.",
		]);
		expect(textsIn(`const end = ok ? '' : \`: \${why}\`; const s = \`\${who} did it\${end}\`;`)).toEqual([
			"{0} did it",
			"{0} did it: {1}",
		]);
		expect(textsIn('const s = "There is no " + noun + " here";')).toEqual(["There is no {0} here"]);
		expect(textsIn(`const s = \`\${counted(n, 'host')} left\`;`)).toEqual(["{0} left", "{0} host", "{0} hosts"]);
		expect(textsIn("say(counted(n, 'proxy', 'proxies'));")).toEqual(["{0} proxy", "{0} proxies"]);
	});

	it("are none of a log, of SQL, of types, and none of a defect", () => {
		expect(textsIn("log.warn({ error }, 'it is tried again'); this.#log.info('the host joined');")).toEqual([]);
		expect(textsIn("const rows = sql`select one from two`; type A = 'one of two'; throw new Error('this cannot be');")).toEqual(
			[],
		);
	});

	it("keep a constant's own words when something else says them too", () => {
		expect(textsIn(`const a = 'it is gone'; say(a); say(\`Host \${h}: \${a}\`);`)).toEqual([
			"it is gone",
			"Host {0}: it is gone",
		]);
	});
});
