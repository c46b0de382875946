import { cx } from "./class-names";

/** Two parts of a whole; `share` (0 to 100) is the second's. The border between them slides when it moves. */
export function ShareBar({ share, label, className }: { share: number; label: string; className?: string }) {
	const bounded = Math.min(100, Math.max(0, share));
	return (
		<div role="img" aria-label={label} className={cx("flex h-2.5 gap-px overflow-hidden rounded-full bg-line", className)}>
			<div className="h-full bg-stable transition-[width] duration-700 ease-out" style={{ width: `${100 - bounded}%` }} />
			<div className="h-full flex-1 bg-accent-solid" style={{ minWidth: bounded > 0 ? 2 : 0 }} />
		</div>
	);
}

/** How much of a whole is used; the numbers stand beside it. */
export function Meter({ value, max, label }: { value: number; max: number; label: string }) {
	const share = max <= 0 ? 0 : Math.min(100, (value / max) * 100);
	return (
		<div role="img" aria-label={label} className="h-1.5 w-full overflow-hidden rounded-full bg-line">
			<div
				className={cx("h-full rounded-full transition-[width] duration-500", share > 90 ? "bg-degraded" : "bg-stable")}
				style={{ width: `${share}%` }}
			/>
		</div>
	);
}
