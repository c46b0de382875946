import type { ConfigEntries, ConfigEntry } from "@/domain/config/model";

export interface EntryDifference {
	readonly name: string;
	readonly change: "added" | "removed" | "changed";
	readonly before: ConfigEntry | null;
	readonly after: ConfigEntry | null;
}

/** What differs between two versions, by name. Secrets are compared by their id: nobody needs their values for it. */
export function diffEntries(before: ConfigEntries, after: ConfigEntries): EntryDifference[] {
	const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
	return names.flatMap((name): EntryDifference[] => {
		const [old, young] = [entryOf(before, name), entryOf(after, name)];
		if (old && young) return isSame(old, young) ? [] : [{ name, change: "changed", before: old, after: young }];
		return [{ name, change: old ? "removed" : "added", before: old, after: young }];
	});
}

function entryOf(entries: ConfigEntries, name: string): ConfigEntry | null {
	return Object.hasOwn(entries, name) ? (entries[name] ?? null) : null;
}

function isSame(a: ConfigEntry, b: ConfigEntry): boolean {
	if (a.kind === "plain") return b.kind === "plain" && a.value === b.value;
	return b.kind === "secret" && a.secretId === b.secretId;
}
