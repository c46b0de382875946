/** Columns padded to their widest cell; the first is left-aligned, the others, which are figures, right-aligned. */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
	const all = [head, ...rows];
	const widths = head.map((_, column) => Math.max(...all.map((cells) => cells[column]?.length ?? 0)));
	const line = (cells: readonly string[]) =>
		cells
			.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
			.join("  ");
	return all.map((cells) => line(cells).trimEnd()).join("\n");
}
