/** As many as one question may ask for. */
const atOnce = 200;

/** All rows of a list that is asked for page by page: `next` says from the last row of a full page where to go on. */
export async function allPages<Row, After>(
	ask: (page: { limit: number; after: After | undefined }) => Promise<readonly Row[]>,
	next: (last: Row) => After,
): Promise<Row[]> {
	const all: Row[] = [];
	for (let after: After | undefined; ; ) {
		const rows = await ask({ limit: atOnce, after });
		all.push(...rows);
		const last = rows.at(-1);
		if (last === undefined || rows.length < atOnce) return all;
		after = next(last);
	}
}
