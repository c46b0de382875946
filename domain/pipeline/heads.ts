export interface Head {
	readonly branch: string;
	readonly commit: string;
}

export interface HeadChanges {
	/** New branches and branches that point elsewhere: each is a push and gets a pipeline. */
	readonly pushed: readonly Head[];
	/** Branches that are gone: forgotten, without a pipeline. */
	readonly deleted: readonly string[];
}

/** What was pushed since the last record: the repository as it is, against the heads as they were recorded. */
export function diffHeads(recorded: readonly Head[], actual: readonly Head[]): HeadChanges {
	const known = new Map(recorded.map((head) => [head.branch, head.commit]));
	const present = new Set(actual.map((head) => head.branch));
	return {
		pushed: actual.filter((head) => known.get(head.branch) !== head.commit),
		deleted: recorded.filter((head) => !present.has(head.branch)).map((head) => head.branch),
	};
}
