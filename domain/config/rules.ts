import type { ConfigChange, ConfigEntries } from "@/domain/config/model";
import { AppError } from "@/domain/errors";

/** Linux takes at most 128 kB for one variable with its name. */
export const longestValueBytes = 64 * 1024;
const mostEntries = 200;
const plainBytes = 256 * 1024;
const longestName = 100;

export function isConfigName(name: string): boolean {
	return name.length <= longestName && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}

export function hasLines(value: string): boolean {
	return /[\r\n]/.test(value);
}

/** Throws `invalid` with a sentence that names the entry and never shows a value. */
export function checkChanges(changes: readonly ConfigChange[], now: ConfigEntries): void {
	if (changes.length === 0) throw new AppError("invalid", "Nothing is changed: name at least one entry.");
	const names = new Set<string>();
	for (const change of changes) {
		const { name } = change;
		if (!isConfigName(name)) {
			throw new AppError(
				"invalid",
				`"${name.slice(0, longestName)}" cannot be a name: letters, digits and _, not beginning with a digit, at most ${longestName}.`,
			);
		}
		if (names.has(name)) throw new AppError("invalid", `${name} is named twice: say once what it should be.`);
		names.add(name);
		if (change.kind !== "remove") checkValue(name, change.value);
		else if (!Object.hasOwn(now, name)) throw new AppError("invalid", `There is no entry ${name} that could be removed.`);
	}
}

function checkValue(name: string, value: string): void {
	if (value.includes("\0"))
		throw new AppError("invalid", `The value of ${name} has a NUL in it, which neither a variable nor a text file holds.`);
	if (byteLength(value) > longestValueBytes) {
		throw new AppError(
			"invalid",
			`The value of ${name} is larger than ${longestValueBytes / 1024} kB: put it into the image or a volume.`,
		);
	}
}

/** Of the whole, after the changes. Throws `invalid`. */
export function checkEntries(entries: ConfigEntries): void {
	const all = Object.values(entries);
	if (all.length > mostEntries)
		throw new AppError("invalid", `There would be ${all.length} entries, and ${mostEntries} is the most.`);
	const plain = all.reduce((sum, entry) => sum + (entry.kind === "plain" ? byteLength(entry.value) : 0), 0);
	if (plain > plainBytes) throw new AppError("invalid", `All plain values together are larger than ${plainBytes / 1024} kB.`);
}

/** Changes that would leave everything as it is are none; a secret's value is not compared, so a new one always counts. */
export function effectiveChanges(changes: readonly ConfigChange[], now: ConfigEntries): ConfigChange[] {
	return changes.filter((change) => {
		const entry = Object.hasOwn(now, change.name) ? now[change.name] : undefined;
		return !(change.kind === "plain" && entry?.kind === "plain" && entry.value === change.value);
	});
}

/** UTF-8, counted without an encoder: domain/ has none. */
function byteLength(text: string): number {
	let bytes = 0;
	for (const character of text) {
		const code = character.codePointAt(0) ?? 0;
		bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	}
	return bytes;
}
