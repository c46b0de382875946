import { setTimeout as pause } from "node:timers/promises";
import { AppError } from "@/domain/errors";

const pollMs = 100;

/** Waits for a condition; throws `timeout` with what it waited for. */
export async function until(what: string, deadlineMs: number, holds: () => Promise<boolean> | boolean): Promise<void> {
	const deadline = performance.now() + deadlineMs;
	while (!(await holds())) {
		if (performance.now() > deadline) {
			throw new AppError("timeout", `Waited ${Math.round(deadlineMs / 1000)} s until ${what}, and it did not happen`);
		}
		await pause(pollMs);
	}
}
