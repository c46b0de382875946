import { expect, test } from "@playwright/test";
import type { LoadVerdict } from "@/bench/load/model";
import type { RunningLoad } from "@/bench/support/load";
import { BenchService } from "./support/bench-service";
import { killAll } from "./support/fleet";
import { type CellResult, type KillStep, killing, killSteps, runCell, untilFleetWell } from "./support/kill-cell";
import { killReport } from "./support/kill-report";

/**
 * Every part of the platform is killed without warning at every step of a canary under load, and it ends as if nothing
 * had happened. Each victim and each step is in the small table; `SLUICE_KILLS=all ./sluice test e2e/kill-table` is all,
 * `SLUICE_KILLS=relay,postgres` all steps of these.
 */
const victims = [
	"portal",
	"worker",
	"relay",
	"h1-agent",
	"h2-agent",
	"temporal",
	"postgres",
	"h1-envoy-1",
	"h2-dockerd",
] as const;
type Victim = (typeof victims)[number];
type Cell = readonly [Victim, KillStep];

const chosen: readonly Cell[] = [
	["worker", "placed"],
	["h2-agent", "placed"],
	["portal", "weight 10 %"],
	["postgres", "weight 10 %"],
	["relay", "weight 50 %"],
	["h1-envoy-1", "weight 50 %"],
	["temporal", "shifting to 100 %"],
	["portal", "shifting to 100 %"],
	["h1-agent", "draining"],
	["h2-dockerd", "draining"],
	["worker", "rolling back"],
	["postgres", "rolling back"],
];
/** `all`, or some victims' names with commas between. */
const wanted = process.env.SLUICE_KILLS ?? "";
const isWhole = wanted === "all";
const asked = victims.filter((victim) => isWhole || wanted.split(",").includes(victim));
const cells = wanted === "" ? chosen : asked.flatMap((victim) => killSteps.map((step): Cell => [victim, step]));

const controlPlane = ["portal", "worker", "relay", "temporal", "postgres", "git", "registry"] as const;
const awayMs = isWhole ? 60_000 : 15_000;

/** In flight on one Envoy of a pair: its WebSockets and long requests, and the quick ones of that moment. */
const mostInFlight = 30;
const isReset = /ECONNRESET|EPIPE|socket hang up|aborted|no close frame/;
/** Drains end soon enough, and are still there to be met. */
const clients = { longMs: 3_000, streamMs: { least: 1_000, most: 4_000 } };

let service: BenchService;
/** Which of the two images serves. */
let image: 0 | 1 = 0;

test.beforeAll(async () => {
	test.setTimeout(300_000);
	service = await BenchService.make("killed");
	expect((await service.ended(await service.deploy(0))).state).toBe("promoted");
});

test("each part is killed at each step of a canary: it ends as it should, and nothing is lost", async () => {
	test.setTimeout(cells.length * 60_000 + 60_000);
	const { results, verdict } = await underLoad(async () => {
		const all: { cell: Cell; startedAt: number; result: CellResult }[] = [];
		for (const cell of cells) {
			const [victim, step] = cell;
			await untilFleetWell();
			const startedAt = Date.now();
			const result = await rollTheOther(step, killing(victim));
			all.push({ cell, startedAt, result });
			console.log(
				`${all.length}/${cells.length}  ${victim}, ${step}: ${result.state}; ${result.problems.join("; ") || "as promised"}`,
			);
		}
		return all;
	});
	const rows = results.map(({ cell: [victim, step], startedAt, result }, index) => {
		const endsAt = results[index + 1]?.startedAt ?? Number.POSITIVE_INFINITY;
		const causes = verdict.failedBetween(startedAt, endsAt);
		return { victim, step, ...result, causes, problems: [...result.problems, ...clientProblems(victim, causes)] };
	});
	console.log(killReport(rows, verdict));
	expect(
		rows.filter(({ problems }) => problems.length > 0).map(({ victim, step, problems }) => ({ victim, step, problems })),
	).toEqual([]);
	expect(verdict.failedBetween(0, results[0]?.startedAt ?? 0)).toEqual([]);
	expect(verdict.requests).toBeGreaterThan(cells.length * 1_000);
});

test("the whole control plane is killed again and again in the middle of a canary: nothing is lost and it is promoted", async () => {
	test.setTimeout(awayMs + 240_000);
	let kills = 0;
	const { results, verdict } = await underLoad(() =>
		rollTheOther("weight 10 %", async () => {
			const endsAt = Date.now() + awayMs;
			while (Date.now() < endsAt) {
				kills += killAll(controlPlane);
				await new Promise((resolve) => setTimeout(resolve, 50));
			}
		}),
	);
	console.log(killReport([{ victim: `${kills} of control plane`, step: "weight 10 %", ...results, causes: [] }], verdict));
	expect(kills).toBeGreaterThanOrEqual(controlPlane.length);
	expect(results.problems).toEqual([]);
	expect(verdict).toMatchObject({ failed: 0, longFailed: 0, streamsCut: 0, causes: [] });
});

/** The image that does not serve now is rolled out; it serves then, unless the rollout goes back. */
async function rollTheOther(step: KillStep, strike: Parameters<typeof runCell>[3]): Promise<CellResult> {
	const other = image === 0 ? 1 : 0;
	const result = await runCell(service, other, step, strike);
	if (result.state === "promoted") image = other;
	return result;
}

/** A killed Envoy loses what was in flight on it; nobody else loses anything. */
function clientProblems(victim: string, causes: readonly string[]): string[] {
	const isAllowed = (cause: string) => victim.includes("-envoy-") && isReset.test(cause);
	const strange = causes.filter((cause) => !isAllowed(cause));
	const allowed = causes.length - strange.length;
	return [
		...(strange.length > 0 ? [`${strange.length} lost: ${[...new Set(strange)].join(", ")}`] : []),
		...(allowed > mostInFlight ? [`${allowed} lost on one Envoy, more than were in flight`] : []),
	];
}

interface TimedVerdict extends LoadVerdict {
	/** Why requests and streams failed whose clients knew it in this time (milliseconds since 1970). */
	failedBetween(from: number, to: number): string[];
}

async function underLoad<Results>(work: () => Promise<Results>): Promise<{ results: Results; verdict: TimedVerdict }> {
	const load: RunningLoad = await service.load(3_600_000, clients);
	const startedAt = Date.now();
	const results = await work().finally(() => load.end());
	const verdict = await load.verdict;
	const failedBetween = (from: number, to: number) =>
		verdict.failures.filter(({ endedMs }) => startedAt + endedMs >= from && startedAt + endedMs < to).map(({ cause }) => cause);
	return { results, verdict: { ...verdict, failedBetween } };
}
