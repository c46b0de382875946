import type { ComponentProps, ReactNode } from "react";
import { cx } from "./class-names";

/** A dense table; wider than the screen it scrolls by itself, reachable by keyboard. */
export function Table({ label, children, className }: { label: string; children: ReactNode; className?: string }) {
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
		<section aria-label={label} tabIndex={0} className={cx("relative overflow-x-auto", className)}>
			<table className="w-full border-collapse text-left text-sm">{children}</table>
		</section>
	);
}

export function HeadRow({ children }: { children: ReactNode }) {
	return (
		<thead>
			<tr className="border-line border-b text-faint text-xs">{children}</tr>
		</thead>
	);
}

export function Head({ className, ...rest }: ComponentProps<"th">) {
	return <th scope="col" className={cx("px-3 py-2 font-medium whitespace-nowrap first:pl-0 last:pr-0", className)} {...rest} />;
}

export function Row({ className, ...rest }: ComponentProps<"tr">) {
	return <tr className={cx("border-line border-b last:border-b-0 hover:bg-raised/70", className)} {...rest} />;
}

export function Cell({ className, ...rest }: ComponentProps<"td">) {
	return <td className={cx("px-3 py-2 align-top first:pl-0 last:pr-0", className)} {...rest} />;
}
