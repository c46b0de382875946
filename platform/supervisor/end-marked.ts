import { until } from "../wait";
import { findMarked, isAlive, signal } from "./process";

/** Ends processes that carry this home's marker, whoever started them. */
export async function endMarked(home: string, isWanted: (name: string) => boolean): Promise<void> {
	const left = [...findMarked(home)].filter(([name]) => isWanted(name)).map(([, marked]) => marked.process);
	for (const id of left) signal(id, "SIGTERM", false);
	const isGone = () => left.every((id) => !isAlive(id));
	await until("the rest ends", 10_000, isGone).catch(() => {
		for (const id of left) signal(id, "SIGKILL", true);
	});
}
