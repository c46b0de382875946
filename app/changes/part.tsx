import type { ReactNode } from "react";

/** One kind of difference, under its name. */
export function Part({ title, children }: { title: string; children: ReactNode }) {
	return (
		<div className="min-w-0">
			<h3 className="mb-1 font-medium text-sm">{title}</h3>
			{children}
		</div>
	);
}
