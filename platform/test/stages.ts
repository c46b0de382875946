/** The kinds of tests, in the order they run; `check` is formatting, the rooms' rules and types. */
export type StageName = "check" | "unit" | "integration" | "e2e";

export interface Stage {
	readonly name: StageName;
	/** Only tests of files whose path contains it. */
	readonly filter: string | null;
}

const all: readonly StageName[] = ["check", "unit", "integration", "e2e"];

/** A stage's name selects it; anything else is part of a file's path, and the file's name tells which stage it is of. */
export function stagesFor(filter: string | undefined): readonly Stage[] {
	if (filter === undefined) return all.map((name) => ({ name, filter: null }));
	const named = all.find((name) => name === filter);
	if (named) return [{ name: named, filter: null }];
	if (/(^|\/)e2e\/|\.spec/.test(filter)) return [{ name: "e2e", filter }];
	return [{ name: filter.includes(".integration") ? "integration" : "unit", filter }];
}

/** Those need an installation that runs. */
export function needsInstallation(stages: readonly Stage[]): boolean {
	return stages.some(({ name }) => name === "integration" || name === "e2e");
}
