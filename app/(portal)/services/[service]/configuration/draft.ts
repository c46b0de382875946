import type { ConfigEntryRow } from "@/server/views";

/** What the editor holds until it is saved: by name, what that entry should become. */
export type Draft = Readonly<Record<string, DraftChange>>;

export type DraftChange = { readonly kind: "plain" | "secret"; readonly value: string } | { readonly kind: "remove" };

export interface DraftLine {
	readonly name: string;
	/** null = it is new. */
	readonly entry: ConfigEntryRow | null;
	/** null = it stays. */
	readonly change: DraftChange | null;
}

/** Entries and additions together, by name. */
export function linesOf(entries: readonly ConfigEntryRow[], draft: Draft): DraftLine[] {
	const names = [...new Set([...entries.map(({ name }) => name), ...Object.keys(draft)])].sort();
	return names.map((name) => ({
		name,
		entry: entries.find((entry) => entry.name === name) ?? null,
		change: (Object.hasOwn(draft, name) ? draft[name] : undefined) ?? null,
	}));
}

/** The draft with one more change; one that leaves everything as it was is none. */
export function withChange(entries: readonly ConfigEntryRow[], draft: Draft, name: string, change: DraftChange | null): Draft {
	const { [name]: _, ...rest } = draft;
	const entry = entries.find((one) => one.name === name);
	const isSame = change?.kind === "plain" && entry?.kind === "plain" && entry.value === change.value;
	const isNothing = change === null || isSame || (change.kind === "remove" && entry === undefined);
	return isNothing ? rest : { ...rest, [name]: change };
}

export function changesOf(draft: Draft) {
	return Object.entries(draft).map(([name, change]) => ({ name, ...change }));
}
