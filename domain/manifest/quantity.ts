const memoryUnits: Readonly<Record<string, number>> = {
	"": 1,
	K: 1e3,
	M: 1e6,
	G: 1e9,
	Ki: 1024,
	Mi: 1024 ** 2,
	Gi: 1024 ** 3,
};

/** `256Mi`, `1G` or a number of bytes, in bytes. The schema has checked the form. */
export function bytesOf(quantity: string | number): number {
	if (typeof quantity === "number") return quantity;
	const [, amount = "0", unit = ""] = /^([\d.]+)(\D*)$/.exec(quantity) ?? [];
	return Math.round(Number(amount) * (memoryUnits[unit] ?? 1));
}

/** `500m` or `0.5`, in CPUs. */
export function cpusOf(quantity: string | number): number {
	if (typeof quantity === "number") return quantity;
	return quantity.endsWith("m") ? Number(quantity.slice(0, -1)) / 1000 : Number(quantity);
}

const durationUnits: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** `500ms`, `30s`, `5m` or `1h`, in milliseconds. */
export function millisecondsOf(duration: string): number {
	const [, amount = "0", unit = "s"] = /^(\d+)(\D+)$/.exec(duration) ?? [];
	return Number(amount) * (durationUnits[unit] ?? 1_000);
}

/** `50%` of `whole`, rounded up, or a count as it is. */
export function countOf(share: string | number, whole: number): number {
	return typeof share === "number" ? share : Math.ceil((Number(share.slice(0, -1)) / 100) * whole);
}
