"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Button } from "../button";
import { cx } from "../class-names";
import { useStoredFlag } from "../use-stored";
import { anchorOf, type LogLine } from "./lines";
import { LogLineRow } from "./log-line";
import { LogToolbar } from "./log-toolbar";
import { occurrences, plainText } from "./spans";

interface LogViewProps {
	lines: readonly LogLine[];
	/** More lines may still come: the end is followed. */
	live: boolean;
	fileName: string;
	label: string;
	/** Shown while there is no line. */
	empty: ReactNode;
	/** Heading of a group, by its name. */
	groupLabel(group: string): string;
	/** Shows the first line of this group; `at` makes a second press count. */
	jump?: { readonly group: string; readonly at: number } | null;
	/** Loads lines before the first; null = there are none, left out = all are here. */
	older?: { readonly isLoading: boolean; load(): void } | null;
	className?: string;
}

const lineHeight = 20;

/**
 * A log that grows. Follows the end until the reader scrolls up, and again from the bottom. Only what is seen is drawn.
 * The address of a line is `#L<number>`, or its anchor.
 */
export function LogView({ lines, live, fileName, label, empty, groupLabel, jump, older, className }: LogViewProps) {
	const t = useTranslations("log");
	const scroller = useRef<HTMLDivElement>(null);
	const [wrap, setWrap] = useStoredFlag("sluice-log-wrap", true);
	const [times, setTimes] = useStoredFlag("sluice-log-times", false);
	const [query, setQuery] = useState("");
	const [current, setCurrent] = useState(0);
	const [linked, setLinked] = useLinkedLine();
	const matches = useMemo(() => matching(lines, query), [lines, query]);
	const virtual = useVirtualizer({
		count: lines.length,
		getScrollElement: () => scroller.current,
		estimateSize: (index) => (lines[index]?.opens ? lineHeight + 28 : lineHeight),
		getItemKey: (index) => lines[index]?.anchor ?? index,
		overscan: 20,
	});
	useKeptPlace(lines, (from, to) => {
		const top = virtual.getVirtualItems().find((item) => item.end > (scroller.current?.scrollTop ?? 0))?.index ?? 0;
		virtual.scrollToIndex(top - from + to, { align: "start" });
	});
	const { following, follow, onScroll, release } = useFollow(scroller, virtual.getTotalSize(), live, linked !== null);

	const show = (number: number) => {
		release();
		virtual.scrollToIndex(number - 1, { align: "center" });
	};
	const step = (by: number) => {
		if (matches.length === 0) return;
		const next = (current + by + matches.length) % matches.length;
		setCurrent(next);
		show(matches[next] ?? 1);
	};

	const linkedNumber = useMemo(() => lines.find((line) => anchorOf(line) === linked)?.number ?? null, [lines, linked]);
	const hasLinkedLine = linkedNumber !== null;
	// biome-ignore lint/correctness/useExhaustiveDependencies: once, when the line of the address has arrived
	useEffect(() => {
		if (linkedNumber !== null) show(linkedNumber);
	}, [hasLinkedLine]);
	// biome-ignore lint/correctness/useExhaustiveDependencies: only a new press jumps
	useEffect(() => {
		const first = lines.find((line) => line.group === jump?.group);
		if (first !== undefined) {
			release();
			virtual.scrollToIndex(first.number - 1, { align: "start" });
		}
	}, [jump?.at]);
	// biome-ignore lint/correctness/useExhaustiveDependencies: heights change with the setting
	useEffect(() => virtual.measure(), [wrap, times]);

	return (
		<div className={cx("flex min-h-0 flex-col rounded-md border border-line", className)}>
			<LogToolbar
				query={query}
				onQuery={(value) => {
					setQuery(value);
					setCurrent(0);
					const first = matching(lines, value)[0];
					if (first !== undefined) show(first);
				}}
				matches={matches.length}
				current={current}
				onStep={step}
				wrap={wrap}
				onWrap={setWrap}
				times={times}
				onTimes={setTimes}
				onDownload={() => download(lines, fileName)}
			/>
			<div className="relative min-h-0 flex-1">
				<section
					ref={scroller}
					onScroll={onScroll}
					aria-label={label}
					// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
					tabIndex={0}
					className="h-full overflow-auto bg-sunken font-mono text-xs [overflow-anchor:none]"
				>
					{older !== undefined && older !== null && (
						<div className="p-1.5 text-center font-sans">
							<Button size="small" look="quiet" disabled={older.isLoading} onClick={older.load}>
								{older.isLoading ? t("loadingOlder") : t("older")}
							</Button>
						</div>
					)}
					{lines.length === 0 && <div className="p-3 font-sans text-faint text-sm">{empty}</div>}
					<div className="relative w-full min-w-fit" style={{ height: virtual.getTotalSize() }}>
						{virtual.getVirtualItems().map((item) => {
							const line = lines[item.index];
							if (line === undefined) return null;
							return (
								<LogLineRow
									key={item.key}
									ref={virtual.measureElement}
									index={item.index}
									start={item.start}
									line={line}
									heading={line.opens ? groupLabel(line.group) : null}
									query={query}
									wrap={wrap}
									times={times}
									selected={anchorOf(line) === linked || (query !== "" && line.number === matches[current])}
									onSelect={() => setLinked(anchorOf(line))}
								/>
							);
						})}
					</div>
				</section>
				{live && !following && (
					<Button look="primary" size="small" onClick={follow} className="absolute right-4 bottom-3 shadow-md">
						<ArrowDown aria-hidden="true" className="size-3.5" />
						{t("follow")}
					</Button>
				)}
			</div>
		</div>
	);
}

/** Numbers of the lines that have the query. */
function matching(lines: readonly LogLine[], query: string): number[] {
	if (query === "") return [];
	return lines.filter((line) => occurrences(plainText(line.text), query).length > 0).map((line) => line.number);
}

/** Stays at the end while it follows; scrolling up pauses, reaching the bottom resumes. */
function useFollow(scroller: React.RefObject<HTMLDivElement | null>, height: number, live: boolean, startPaused: boolean) {
	const [following, setFollowing] = useState(!startPaused);
	const lastTop = useRef(0);
	const toEnd = () => {
		const element = scroller.current;
		if (element !== null) element.scrollTop = element.scrollHeight;
	};
	// biome-ignore lint/correctness/useExhaustiveDependencies: a new line, or one drawn higher than it was thought to be, moves the end
	useEffect(() => {
		if (following && live) toEnd();
	}, [height, following, live]);
	return {
		following,
		follow: () => {
			setFollowing(true);
			toEnd();
		},
		release: () => setFollowing(false),
		onScroll: () => {
			const element = scroller.current;
			if (element === null) return;
			const up = element.scrollTop < lastTop.current - 1;
			lastTop.current = element.scrollTop;
			const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < 8;
			if (atEnd) setFollowing(true);
			else if (up) setFollowing(false);
		},
	};
}

/** When lines came before the first one, the reader stays where they were: called with its index before and now. */
function useKeptPlace(lines: readonly LogLine[], onMoved: (from: number, to: number) => void): void {
	const first = lines[0]?.anchor;
	const before = useRef(first);
	useLayoutEffect(() => {
		const was = before.current;
		before.current = first;
		if (was === undefined || was === first) return;
		const now = lines.findIndex((line) => line.anchor === was);
		if (now > 0) onMoved(0, now);
	});
}

/** The line that the address names: `#L12`, or an anchor. */
function useLinkedLine(): [string | null, (anchor: string) => void] {
	const [linked, setLinked] = useState<string | null>(null);
	useEffect(() => {
		if (location.hash.length > 1) setLinked(decodeURIComponent(location.hash.slice(1)));
	}, []);
	return [
		linked,
		(anchor) => {
			history.replaceState(history.state, "", `#${encodeURIComponent(anchor)}`);
			setLinked(anchor);
		},
	];
}

function download(lines: readonly LogLine[], fileName: string): void {
	const from = (line: LogLine) => line.origin?.label ?? line.group;
	const text = lines.map((line) => `${line.at.toISOString()} ${from(line)} ${plainText(line.text)}\n`).join("");
	const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
	const link = document.createElement("a");
	link.href = address;
	link.download = fileName;
	link.click();
	URL.revokeObjectURL(address);
}
