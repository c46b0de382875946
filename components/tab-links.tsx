import Link from "next/link";
import { cx } from "./class-names";

interface TabLink {
	readonly href: string;
	readonly label: string;
	readonly count?: number;
	readonly current: boolean;
}

/** Tabs with addresses of their own. */
export function TabLinks({ label, tabs }: { label: string; tabs: readonly TabLink[] }) {
	return (
		<nav aria-label={label} className="-mb-px flex gap-5 overflow-x-auto border-line border-b">
			{tabs.map((tab) => (
				<Link
					key={tab.href}
					href={tab.href}
					scroll={false}
					aria-current={tab.current ? "page" : undefined}
					className={cx(
						"border-b-2 px-0.5 py-2 text-sm whitespace-nowrap",
						tab.current ? "border-accent font-medium text-ink" : "border-transparent text-soft hover:text-ink",
					)}
				>
					{tab.label}
					{tab.count !== undefined && <span className="ml-1.5 text-faint text-xs tabular">{tab.count}</span>}
				</Link>
			))}
		</nav>
	);
}
