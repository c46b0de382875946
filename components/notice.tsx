import type { ReactNode } from "react";
import { cx } from "./class-names";
import { StatusShape, type Tone } from "./status";

const washes: Record<Tone, string> = {
	healthy: "bg-healthy-wash border-healthy/40",
	progressing: "bg-progressing-wash border-progressing/40",
	waiting: "bg-accent-wash border-waiting/40",
	degraded: "bg-degraded-wash border-degraded/40",
	failed: "bg-failed-wash border-failed/40",
	stopped: "bg-raised border-line",
	unknown: "bg-raised border-line",
};

interface NoticeProps {
	tone: Tone;
	title: string;
	children?: ReactNode;
	actions?: ReactNode;
	role?: "alert" | "status";
	className?: string;
}

/** What a person should know first: stays on the page until it is no longer true. */
export function Notice({ tone, title, children, actions, role, className }: NoticeProps) {
	return (
		<div
			role={role}
			className={cx("flex flex-wrap items-start gap-x-3 gap-y-2 rounded-md border px-3 py-2.5", washes[tone], className)}
		>
			<StatusShape tone={tone} className="mt-1" />
			<div className="min-w-0 flex-1 basis-56">
				<p className="font-medium break-words">{title}</p>
				{children !== undefined && <div className="mt-0.5 text-soft text-sm break-words">{children}</div>}
			</div>
			{actions !== undefined && <div className="flex flex-wrap gap-2">{actions}</div>}
		</div>
	);
}
