/** A release as it stands in an environment. */
export interface StandingRelease {
	readonly number: number;
	/** Of the release whose image and manifest it has: the same release configured for another environment is no other one. */
	readonly base: number;
}

/** How the environment before this one differs from it. */
export interface Drift {
	/** The environment before. */
	readonly environment: string;
	/** What is stable there. */
	readonly release: number;
	/** `ahead`: it has a newer one than this. `behind`: an older one. `new`: nothing was ever deployed here. */
	readonly relation: "ahead" | "behind" | "new";
	/** How many releases of an image of their own lie between them; null = there is nothing to compare with. */
	readonly releases: number | null;
	/** How many commits; null = not known. */
	readonly commits: number | null;
	/** There are more commits than were counted. */
	readonly isCut: boolean;
}

/** null = nothing is stable before, or the same is stable in both. What lies between is counted by who knows the releases. */
export function driftOf(
	before: { readonly environment: string; readonly release: StandingRelease } | null,
	here: StandingRelease | null,
): Drift | null {
	if (!before) return null;
	const { environment, release } = before;
	const told = { environment, release: release.number, commits: null, isCut: false } as const;
	if (!here) return { ...told, relation: "new", releases: null };
	if (release.base === here.base) return null;
	return { ...told, relation: release.base > here.base ? "ahead" : "behind", releases: Math.abs(release.base - here.base) };
}
