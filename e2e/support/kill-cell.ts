import { endedStates, type RolloutState } from "@/domain/rollout/model";
import type { RolloutPage } from "@/server/views";
import type { BenchService } from "./bench-service";
import { containersOf, createdSince, fleetHosts, kill, whatIsUnwell } from "./fleet";

/** A canary by the clock alone, so that each of its steps lasts long enough to be met and no longer. */
const pauses =
	"strategy: {canary: {steps: [{setWeight: 10}, {pause: {duration: 2s}}, {setWeight: 50}, {pause: {duration: 2s}}]}}";
/** The candidate's share allowed in each step of the plan, and after the last. */
const caps = [10, 10, 50, 50, 100] as const;
const goingBack: readonly RolloutState[] = ["rolling-back", "rolled-back", "failed"];
const instancesDeclared = 2;
/** A declared set of instances is there this long after recovery at the latest. */
const settledMs = 60_000;
const endMs = 150_000;
const outageMs = 90_000;
const pollMs = 40;

/** Where in a rollout something is killed. */
export const killSteps = ["placed", "weight 10 %", "weight 50 %", "shifting to 100 %", "draining", "rolling back"] as const;
export type KillStep = (typeof killSteps)[number];

const isReached: Record<KillStep, (page: RolloutPage) => boolean> = {
	placed: ({ events }) => events.some(({ data }) => data.step === "create"),
	"weight 10 %": ({ weight }) => weight === 10,
	"weight 50 %": ({ weight }) => weight === 50,
	"shifting to 100 %": ({ step, plan }) => step >= plan.steps.length,
	draining: ({ instances, from }) => instances.some((one) => one.release === from && one.phase === "draining"),
	"rolling back": ({ state }) => state === "rolling-back",
};

/** What one cell of the table came to; no problem = all as promised, but for the clients, who are asked at the load's end. */
export interface CellResult {
	readonly state: RolloutState;
	/** Shares of the candidate as published, each once, in order. */
	readonly weights: readonly number[];
	readonly totalMs: number;
	readonly killedToEndMs: number;
	readonly problems: readonly string[];
}

interface Sample {
	readonly step: number;
	readonly weight: number;
	readonly state: RolloutState;
}

/** A rollout of the other image, and `strike` in the middle of it. */
export async function runCell(
	service: BenchService,
	image: 0 | 1,
	at: KillStep,
	strike: (made: MadeContainers) => Promise<void>,
): Promise<CellResult> {
	await untilFleetWell();
	const startedAt = Date.now();
	const made = new MadeContainers(startedAt);
	const number = await service.deploy(image, { environment: pauses });
	const samples: Sample[] = [];
	let isAborted = false;
	let struckAt: number | null = null;
	let page: RolloutPage;
	do {
		page = await untilAnswered(() => service.rollout(number));
		samples.push({ step: page.step, weight: page.weight, state: page.state });
		if (at === "rolling back" && !isAborted && page.weight === 50) {
			isAborted = true;
			await service.abort(number);
		}
		if (struckAt === null && isReached[at](page)) {
			struckAt = Date.now();
			await strike(made);
		}
		if (Date.now() - startedAt > endMs) break;
		await new Promise((resolve) => setTimeout(resolve, pollMs));
	} while (!endedStates.includes(page.state));
	const endedAt = Date.now();
	const expected: RolloutState = at === "rolling back" ? "rolled-back" : "promoted";
	return {
		state: page.state,
		weights: samples.map(({ weight }) => weight).filter((weight, index, all) => weight !== all[index - 1]),
		totalMs: endedAt - startedAt,
		killedToEndMs: endedAt - (struckAt ?? endedAt),
		problems: [
			...(page.state === expected
				? []
				: [`it is ${page.state}, not ${expected}: ${page.reason ?? page.waitsFor ?? "no reason"}`]),
			...(struckAt === null ? [`the step "${at}" never came`] : []),
			...jumps(samples),
			...(await made.problems()),
			...(await instanceProblems(service, page)),
		],
	};
}

/** Ends a component in a cell; an engine takes its memory of what it made along, so it is asked before. */
export const killing =
	(victim: string) =>
	async (made: MadeContainers): Promise<void> => {
		if (victim.endsWith("-dockerd")) await made.remember(victim.slice(0, victim.indexOf("-")));
		kill(victim);
	};

/** How often the engines made a container for each instance, over the engines' own deaths. */
export class MadeContainers {
	private readonly remembered = new Map<string, ReadonlyMap<string, number>>();

	constructor(private readonly since: number) {}

	async remember(host: string): Promise<void> {
		this.remembered.set(host, await createdSince(host, this.since));
	}

	async problems(): Promise<string[]> {
		const problems: string[] = [];
		let total = 0;
		for (const host of fleetHosts) {
			const now = await untilAnswered(() => createdSince(host, this.since));
			const before = this.remembered.get(host) ?? new Map<string, number>();
			for (const instance of new Set([...now.keys(), ...before.keys()])) {
				const count = Math.max(now.get(instance) ?? 0, before.get(instance) ?? 0);
				total += 1;
				if (count !== 1) problems.push(`${host} made ${count} containers for ${instance}`);
			}
		}
		if (total === 0) problems.push("no engine made a container at all");
		return problems;
	}
}

/**
 * Weights only rise, by the plan's steps, until going back takes all at once. The step is read a moment before the
 * weight, so a weight is held against the step of the next reading.
 */
function jumps(samples: readonly Sample[]): string[] {
	const problems: string[] = [];
	samples.forEach(({ weight, state }, index) => {
		const previous = samples[index - 1];
		const next = samples[index + 1] ?? samples[index];
		const isBack = goingBack.includes(state);
		const cap = caps[Math.min(next?.step ?? 0, caps.length - 1)] ?? 0;
		if (weight > cap) problems.push(`the weight is ${weight} % in step ${next?.step}, whose cap is ${cap} %`);
		if (!isBack && previous && weight < previous.weight) problems.push(`the weight fell from ${previous.weight} to ${weight} %`);
		if (isBack && previous && weight > previous.weight) problems.push(`the weight rose to ${weight} % on the way back`);
	});
	return [...new Set(problems)];
}

/** Exactly the declared instances, of the release that should serve, each with its one container where it should be. */
async function instanceProblems(service: BenchService, page: RolloutPage): Promise<string[]> {
	const serving = page.instances.filter(({ phase }) => phase === "serving");
	const release = page.state === "promoted" ? page.to : page.from;
	const problems: string[] = [];
	if (serving.length !== instancesDeclared || serving.some((one) => one.release !== release)) {
		problems.push(`serving are ${serving.map((one) => `${one.id} of release ${one.release}`).join(", ") || "none"}`);
	}
	for (const host of fleetHosts) {
		const expected = serving.filter((one) => one.host === host).map(({ id }) => id);
		const isSame = (there: readonly string[]) => [...there].sort().join() === [...expected].sort().join();
		const endsAt = Date.now() + settledMs;
		let there: string[];
		do {
			there = await untilAnswered(() => containersOf(host, service.name));
		} while (!isSame(there) && Date.now() < endsAt);
		if (!isSame(there))
			problems.push(`${host} runs ${there.join(", ") || "nothing"} instead of ${expected.join(", ") || "nothing"}`);
	}
	return problems;
}

/** Everything that was killed before runs again, and the portal hears every host. */
export async function untilFleetWell(): Promise<void> {
	const endsAt = Date.now() + outageMs;
	for (;;) {
		const problem = await whatIsUnwell().catch(String);
		if (problem === null) return;
		if (Date.now() > endsAt) throw new Error(`The fleet is not well again after ${outageMs / 1000} s: ${problem}`);
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
}

/** What was killed may be what answers: asked again until it does. */
async function untilAnswered<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
	const endsAt = Date.now() + outageMs;
	for (;;) {
		try {
			return await ask();
		} catch (error) {
			if (Date.now() > endsAt) throw error;
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
	}
}
