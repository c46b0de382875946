import { cx } from "./class-names";

/** Holds the place of what is loading, so nothing jumps when it comes. */
export function Skeleton({ className }: { className?: string }) {
	return <span aria-hidden="true" className={cx("block h-3.5 animate-pulse rounded bg-line/80", className)} />;
}

const widths = ["w-24", "w-40", "w-16", "w-32", "w-20"];

/** Rows of a table that is loading: `columns` cells in each of `rows`. */
export function SkeletonRows({ rows = 4, columns }: { rows?: number; columns: number }) {
	return Array.from({ length: rows }, (_, row) => (
		// biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
		<tr key={row} className="border-line border-b">
			{Array.from({ length: columns }, (_, column) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
				<td key={column} className="px-3 py-2.5">
					<Skeleton className={widths[(row + column) % widths.length]} />
				</td>
			))}
		</tr>
	));
}
