/** Every value that differs between two plain objects, by its path; null = not there. Secrets are never in them. */
export function differences(
	from: unknown,
	to: unknown,
	path = "",
): { readonly path: string; readonly from: string | null; readonly to: string | null }[] {
	if (isObject(from) && isObject(to)) {
		const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
		return keys.flatMap((key) => differences(from[key], to[key], path === "" ? key : `${path}.${key}`));
	}
	const [before, after] = [text(from), text(to)];
	return before === after ? [] : [{ path, from: before, to: after }];
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
