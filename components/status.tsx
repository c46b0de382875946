import { cx } from "./class-names";

export const tones = ["healthy", "progressing", "waiting", "degraded", "failed", "stopped", "unknown"] as const;
export type Tone = (typeof tones)[number];

const colours: Record<Tone, string> = {
	healthy: "text-healthy",
	progressing: "text-progressing",
	waiting: "text-waiting",
	degraded: "text-degraded",
	failed: "text-failed",
	stopped: "text-stopped",
	unknown: "text-unknown",
};

/** A status is a shape and a word; the colour only helps. */
export function Status({ tone, label, className }: { tone: Tone; label: string; className?: string }) {
	return (
		<span className={cx("inline-flex items-center gap-1.5 whitespace-nowrap", colours[tone], className)} data-tone={tone}>
			<StatusShape tone={tone} />
			<span>{label}</span>
		</span>
	);
}

/** The shape alone: only where the word stands beside it. */
export function StatusShape({ tone, className }: { tone: Tone; className?: string }) {
	return (
		<svg viewBox="0 0 12 12" aria-hidden="true" className={cx("size-3 shrink-0", colours[tone], className)}>
			{shapes[tone]}
		</svg>
	);
}

const shapes: Record<Tone, React.ReactNode> = {
	healthy: <circle cx="6" cy="6" r="5" fill="currentColor" />,
	progressing: (
		<>
			<circle cx="6" cy="6" r="4.25" fill="none" stroke="currentColor" strokeWidth="1.5" />
			<path d="M6 1.75a4.25 4.25 0 0 0 0 8.5Z" fill="currentColor" />
		</>
	),
	waiting: <path d="M6 1 11 6 6 11 1 6Z" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinejoin="round" />,
	degraded: <path d="M6 1 11.4 10.6H.6Z" fill="currentColor" />,
	failed: <rect x="1.25" y="1.25" width="9.5" height="9.5" rx="1" fill="currentColor" />,
	stopped: <circle cx="6" cy="6" r="4.25" fill="none" stroke="currentColor" strokeWidth="1.5" />,
	unknown: (
		<path
			d="M3.6 4.1a2.4 2.4 0 1 1 3.5 2.1c-.7.4-1.1.8-1.1 1.6M6 10v.4"
			fill="none"
			stroke="currentColor"
			strokeWidth="1.6"
			strokeLinecap="round"
		/>
	),
};
