import type { ReactNode } from "react";

/** One line on what will be here, and the next act. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
	return (
		<div className="rounded-md border border-line border-dashed px-4 py-6">
			<p className="text-soft">{title}</p>
			{children !== undefined && <div className="mt-3 grid max-w-xl grid-cols-[minmax(0,1fr)] gap-3">{children}</div>}
		</div>
	);
}
