import { findMarked, isAlive, signal } from "./supervisor/process";
import { until } from "./wait";

/** Ends processes that carry this home's marker, whoever started them. */
export async function endMarked(home: string, isWanted: (marker: string) => boolean): Promise<void> {
	const left = [...findMarked(home)].filter(([marker]) => isWanted(marker)).map(([, marked]) => marked.process);
	for (const id of left) signal(id, "SIGTERM", false);
	const isGone = () => left.every((id) => !isAlive(id));
	await until("the rest ends", 10_000, isGone).catch(() => {
		for (const id of left) signal(id, "SIGKILL", true);
	});
}
