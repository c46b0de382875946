import { setTimeout as pause } from "node:timers/promises";
import type { ComponentLine } from "@/platform/status";
import type { Bench } from "./sluice";

export interface Memory {
	readonly component: string;
	readonly bytes: number;
}

const betweenMs = 10_000;
/** Node gives back what it needed to start only when it collects: so long it is watched at most. */
const longestMs = 180_000;
const looks = 4;
const steadyWithin = 0.01;

/** Every running component's memory when four looks, 10 s apart, differ by less than 1 %, or after 3 minutes, which is said. */
export async function settled(bench: Bench): Promise<readonly Memory[]> {
	const sums: number[] = [];
	const endsAt = performance.now() + longestMs;
	for (;;) {
		const memory = await look(bench);
		sums.push(memory.reduce((total, { bytes }) => total + bytes, 0));
		const last = sums.slice(-looks);
		const [least, most] = [Math.min(...last), Math.max(...last)];
		if (last.length === looks && most - least < steadyWithin * most) return memory;
		if (performance.now() > endsAt) {
			process.stderr.write(
				`  not settled after ${longestMs / 1000} s: the last looks differ by ${Math.round((most - least) / 1e6)} MB\n`,
			);
			return memory;
		}
		await pause(betweenMs);
	}
}

async function look(bench: Bench): Promise<readonly Memory[]> {
	const lines = JSON.parse(await bench.sluice("status", "--output", "json")) as ComponentLine[];
	return lines.flatMap(({ component, memoryBytes }) => (memoryBytes === null ? [] : [{ component, bytes: memoryBytes }]));
}
