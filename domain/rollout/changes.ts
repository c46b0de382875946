/**
 * Every value that differs between two plain objects, by its path; null = not there. What counts bytes or milliseconds
 * is said as sluice.yaml has it: `limits.memory` 256Mi, `deadlines.pull` 10m. Secrets are never in them.
 */
export function differences(
	from: unknown,
	to: unknown,
	path = "",
): { readonly path: string; readonly from: string | null; readonly to: string | null }[] {
	if (isObject(from) && isObject(to)) {
		const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
		return keys.flatMap((key) => differences(from[key], to[key], path === "" ? key : `${path}.${key}`));
	}
	const [name, say] = unitOf(path);
	const [before, after] = [say(from), say(to)];
	return before === after ? [] : [{ path: name, from: before, to: after }];
}

/** Is it about how a release comes rather than about what runs: the plan tells it in words. */
export function isOfDelivery(path: string): boolean {
	return ["strategy", "analysis", "approval", "deadlines"].some((own) => path === own || path.startsWith(`${own}.`));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | null {
	if (value === undefined || value === null) return null;
	return typeof value === "string" ? value : JSON.stringify(value);
}

type Units = readonly (readonly [name: string, size: number])[];

const bytes: Units = [
	["Gi", 2 ** 30],
	["Mi", 2 ** 20],
	["Ki", 2 ** 10],
	["", 1],
];
const times: Units = [
	["h", 3_600_000],
	["m", 60_000],
	["s", 1_000],
	["ms", 1],
];

function unitOf(path: string): readonly [name: string, say: (value: unknown) => string | null] {
	if (path.endsWith("Bytes")) return [path.slice(0, -"Bytes".length), (value) => measured(value, bytes)];
	if (path.endsWith("Ms")) return [path.slice(0, -"Ms".length), (value) => measured(value, times)];
	return [path, text];
}

/** In the largest unit that it is a whole number of. */
function measured(value: unknown, units: Units): string | null {
	if (typeof value !== "number" || value === 0) return text(value);
	const unit = units.find(([, size]) => value % size === 0);
	return unit ? `${value / unit[1]}${unit[0]}` : text(value);
}
