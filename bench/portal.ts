/**
 * How fast the portal is with 20,000 services, 40,000 rollouts and instances, and 100,000 audit rows. Keeps its promise
 * when the first load of every page takes at most 300 kB of scripts and styles over the wire, the catalog's largest
 * paint and its first row come within 1.2 s (median of 5, nothing cached), and the 95th percentile of every question
 * behind the pages is at most 50 ms.
 */
import type { Browser } from "@playwright/test";
import { type Answered, askAll, type Question, rest, trpc } from "./portal/api";
import { openBrowser, type Paint, paint, weigh } from "./portal/browser";
import { floorPage } from "./portal/floor";
import { type BenchPortal, openPortal } from "./portal/portal";
import { busyService } from "./portal/seed";
import { quantile } from "./support/quantile";
import { formatTable } from "./support/table";

const targets = { firstLoadKilobytes: 300, paintMs: 1_200, answerMs: 50 } as const;
const paints = 5;
const asked = Number(process.env.SLUICE_BENCH_QUESTIONS ?? 2_000);
const atOnce = 20;
/** As some hundred people make who have pages open while things change. */
const perSecond = Number(process.env.SLUICE_BENCH_PER_SECOND ?? 40);
/** `bytes`, `paint` or `api`: one part only, for who works on it. */
const only = process.argv[3] ?? "";

const one = `/services/${busyService}`;
const pages: readonly string[] = [
	...["/", "/catalog", "/create", "/rollouts", "/approvals", "/pipelines", "/repositories", "/hosts", "/audit", "/platform"],
	...["/admin/users", "/profile", "/reference", "/create?repository=gen-orders-00001"],
	...["overview", "releases", "instances", "pipelines", "logs", "metrics", "configuration"].map((tab) => `${one}?tab=${tab}`),
	`${one}/staging/rollouts/1`,
	`/pipelines/${busyService}/1`,
];

const words = ["orders", "billing", "region 12", "gen-team-7", "ledger region", "nothing has this"];
const word = (turn: number) => words[turn % words.length] ?? "";
const environment = (turn: number) => (turn % 2 === 0 ? "staging" : "production");

const questions: readonly Question[] = [
	trpc("service.list", () => ({ limit: 50 })),
	trpc("service.get", (turn) => ({ service: `gen-orders-${String((turn % 2_000) * 10).padStart(5, "0")}` })),
	trpc("rollout.list", () => ({ limit: 50 })),
	trpc("rollout.get", (turn) => ({
		service: `gen-orders-${String(500 + (turn % 50) * 10).padStart(5, "0")}`,
		environment: "staging",
		number: 1,
	})),
	trpc("rollout.inbox", () => undefined),
	trpc("pipeline.list", () => ({ limit: 50 })),
	trpc("repository.list", () => ({ limit: 50 })),
	trpc("release.list", () => ({ service: busyService })),
	trpc("audit.list", () => ({ limit: 50 })),
	trpc("audit.list", (turn) => ({ search: `entry ${turn % 8}`, limit: 50 })),
	trpc("host.list", () => undefined),
	rest("/services", (turn) => ({ search: word(turn) })),
	rest("/rollouts", (turn) => ({ environment: environment(turn) })),
	rest("/audit", () => ({ action: "rollout.start" })),
	rest("/hosts", () => ({})),
];

export async function benchPortal(): Promise<boolean> {
	const portal = await openPortal((what) => process.stderr.write(`  ${what}\n`));
	// Its portal and Postgres are processes of their own, which would outlive this one.
	const stop = () => void portal.close().finally(() => process.exit(130));
	for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
	try {
		const kept: boolean[] = [];
		if (only !== "api") kept.push(await lookAt(portal));
		if (only === "" || only === "api") kept.push(await askEverything(portal));
		return kept.every((isKept) => isKept);
	} finally {
		await portal.close();
	}
}

async function lookAt(portal: BenchPortal): Promise<boolean> {
	const browser = await openBrowser();
	try {
		const isLight = only === "paint" || (await weighPages(browser, portal));
		return (only === "bytes" || (await paintCatalog(browser, portal))) && isLight;
	} finally {
		await browser.close();
	}
}

async function weighPages(browser: Browser, portal: BenchPortal): Promise<boolean> {
	const rows: string[][] = [];
	let most = 0;
	for (const path of pages) {
		const { scripts, styles, fonts, document } = await weigh(browser, portal, path);
		const sum = kilobytes(scripts + styles);
		most = Math.max(most, sum);
		const others = [kilobytes(scripts), kilobytes(styles), kilobytes(fonts), kilobytes(document)].map(String);
		rows.push([path, String(sum), ...others, sum <= targets.firstLoadKilobytes ? "met" : "not met"]);
		process.stderr.write(`  ${path}: ${sum} kB\n`);
	}
	process.stdout.write(`${formatTable(["first load, kB", "js + css", "js", "css", "fonts", "page", ""], rows)}\n\n`);
	return verdict("first load, js + css of the heaviest page", most, targets.firstLoadKilobytes, "kB");
}

async function paintCatalog(browser: Browser, portal: BenchPortal): Promise<boolean> {
	const row = "tbody tr a";
	// Once before it counts: the server compiles what it runs.
	await paint(browser, portal, "/catalog", row);
	const seen: Paint[] = [];
	for (let turn = 0; turn < paints; turn++) {
		const one = await paint(browser, portal, "/catalog", row);
		seen.push(one);
		process.stderr.write(
			`  largest paint ${one.largestMs.toFixed(0)} ms (${one.element}), first row ${one.rowMs.toFixed(0)} ms\n`,
		);
	}
	const floor = await floorPage(browser, portal, row, paints);
	process.stdout.write(`floor, the same table as a static page: largest paint ${floor.toFixed(0)} ms\n`);
	const median = (of: (one: Paint) => number) => Math.round(quantile(seen.map(of), 0.5));
	const largest = verdict(
		"catalog, largest paint",
		median((one) => one.largestMs),
		targets.paintMs,
		"ms",
	);
	return (
		verdict(
			"catalog, first row",
			median((one) => one.rowMs),
			targets.paintMs,
			"ms",
		) && largest
	);
}

async function askEverything(portal: BenchPortal): Promise<boolean> {
	const load = { count: Math.ceil(asked / questions.length), perSecond, atOnce };
	const before = portal.processorMs();
	const answered = await askAll(portal, questions, load, (what) => process.stderr.write(`  ${what}\n`));
	const each = (portal.processorMs() - before) / answered.reduce((sum, one) => sum + one.milliseconds.length, 0);
	process.stderr.write(`  ${each.toFixed(1)} ms of the portal's processor time a question\n`);
	const figure = (one: Answered, q: number) => quantile(one.milliseconds, q);
	const rows = answered.map((one) => [
		one.name,
		...[0.5, 0.95, 1].map((q) => figure(one, q).toFixed(0)),
		String(kilobytes(one.bytes)),
		figure(one, 0.95) <= targets.answerMs ? "met" : "not met",
	]);
	process.stdout.write(`${formatTable([`ms, ${perSecond} a second`, "p50", "p95", "most", "kB", ""], rows)}\n\n`);
	const worst = Math.round(Math.max(...answered.map((one) => figure(one, 0.95))));
	return verdict("questions, p95 of the slowest", worst, targets.answerMs, "ms");
}

function verdict(what: string, figure: number, target: number, unit: string): boolean {
	const isMet = figure <= target;
	process.stdout.write(`${what}: ${figure} ${unit}, target ${target} ${unit}: ${isMet ? "met" : "not met"}\n`);
	return isMet;
}

function kilobytes(bytes: number): number {
	return Math.round(bytes / 1_000);
}
