import type { ReactNode } from "react";
import { cx } from "./class-names";

interface SectionProps {
	title: string;
	aside?: ReactNode;
	children: ReactNode;
	className?: string;
	id?: string;
}

export function Section({ title, aside, children, className, id }: SectionProps) {
	return (
		<section id={id} className={cx("min-w-0", className)}>
			<div className="mb-2 flex min-h-7 flex-wrap items-center justify-between gap-x-4 gap-y-1">
				<h2 className="font-semibold text-base">{title}</h2>
				{aside !== undefined && <div className="flex flex-wrap items-center gap-2 text-faint text-xs">{aside}</div>}
			</div>
			{children}
		</section>
	);
}
