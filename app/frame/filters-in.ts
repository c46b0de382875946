/** The filters of an address as Next gives it to a page: one given twice counts once. */
export function filtersIn<Name extends string>(
	names: readonly Name[],
	search: Readonly<Record<string, string | string[] | undefined>>,
): Record<Name, string> {
	return Object.fromEntries(names.map((name) => [name, [search[name] ?? ""].flat()[0] ?? ""])) as Record<Name, string>;
}
