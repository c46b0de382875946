import type { EnvironmentMatrix, MatrixCell } from "@/server/views";

export const shows = ["drift", "rollout", "trouble", "frozen"] as const;
export type Show = (typeof shows)[number];

type Line = EnvironmentMatrix["services"][number];

/** Words are looked for in name, description and owner; what is shown is looked for in any of the cells. */
export function isShown(line: Line, { q, show }: { q: string; show: string }): boolean {
	const text = `${line.name} ${line.description} ${line.owner}`.toLowerCase();
	const words = q.toLowerCase().split(/\s+/);
	if (!words.every((word) => text.includes(word))) return false;
	const wanted = shows.find((name) => name === show);
	return wanted === undefined || line.cells.some((cell) => has(cell, wanted));
}

function has(cell: MatrixCell, show: Show): boolean {
	switch (show) {
		case "drift":
			return cell.drift !== null;
		case "rollout":
			return cell.rollout !== null;
		case "trouble":
			return cell.problem !== null;
		case "frozen":
			return cell.frozen !== null;
	}
}
