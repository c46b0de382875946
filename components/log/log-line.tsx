"use client";

import { useTranslations } from "next-intl";
import { memo, type Ref } from "react";
import { cx } from "../class-names";
import { useAbsoluteTime } from "../time-ago";
import type { LogLine } from "./lines";
import { spansOf } from "./spans";

interface LogLineRowProps {
	ref: Ref<HTMLDivElement>;
	index: number;
	start: number;
	line: LogLine;
	heading: string | null;
	query: string;
	wrap: boolean;
	times: boolean;
	selected: boolean;
	onSelect(): void;
}

const originTones = ["ansi-blue-fg", "ansi-green-fg", "ansi-magenta-fg", "ansi-cyan-fg", "ansi-yellow-fg", "ansi-red-fg"];

export const LogLineRow = memo(function LogLineRow(props: LogLineRowProps) {
	const { ref, index, start, line, heading, query, wrap, times, selected, onSelect } = props;
	const t = useTranslations("log");
	const absolute = useAbsoluteTime();
	return (
		<div
			ref={ref}
			data-index={index}
			className="absolute top-0 left-0 w-full min-w-fit"
			style={{ transform: `translateY(${start}px)` }}
		>
			{heading !== null && (
				<div className="flex h-7 items-end border-line border-b px-3 pb-1 font-medium font-sans text-soft text-xs">{heading}</div>
			)}
			<div className={cx("flex leading-5", selected && "bg-accent-wash shadow-[inset_2px_0_0_var(--color-accent)]")}>
				<button
					type="button"
					onClick={onSelect}
					aria-label={t("linkToLine", { number: line.number })}
					className={cx(
						"shrink-0 self-start pr-3 text-right text-faint tabular select-none hover:text-accent",
						line.anchor === undefined ? "w-12" : "w-20",
					)}
				>
					{line.anchor === undefined ? line.number : absolute(line.at, "clock")}
				</button>
				{line.origin !== undefined && (
					<span
						className={cx("w-28 shrink-0 truncate pr-3 select-none", originTones[line.origin.tone])}
						title={line.origin.label}
					>
						{line.origin.label}
					</span>
				)}
				{times && line.anchor === undefined && (
					<span className="shrink-0 pr-3 text-faint tabular select-none">{absolute(line.at, "clock")}</span>
				)}
				<span
					className={cx(
						"min-w-0 flex-1 pr-3",
						wrap ? "break-words whitespace-pre-wrap [overflow-wrap:anywhere]" : "whitespace-pre",
					)}
				>
					{spansOf(line.text, query).map((span, position) =>
						span.marked ? (
							// biome-ignore lint/suspicious/noArrayIndexKey: pieces of one line never move
							<mark key={position} className={cx("rounded-xs bg-mark text-ink", span.className)}>
								{span.text}
							</mark>
						) : (
							// biome-ignore lint/suspicious/noArrayIndexKey: pieces of one line never move
							<span key={position} className={span.className || undefined}>
								{span.text}
							</span>
						),
					)}
				</span>
			</div>
		</div>
	);
});
