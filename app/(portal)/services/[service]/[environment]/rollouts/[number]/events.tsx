"use client";

import { Link2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { cx } from "@/components/class-names";
import { CopyButton } from "@/components/copy-button";
import { Input, Select } from "@/components/input";
import { Section } from "@/components/section";
import { useAbsoluteTime } from "@/components/time-ago";
import type { RolloutEventRow, RolloutPage } from "@/server/views";
import { Said } from "../../../../../../i18n/said/said";
import { useSaid } from "../../../../../../i18n/said/use-said";
import { useServerWords } from "../../../../../../status/server-words";

/** Everything that happened, newest first, each with who or what did it and why. */
export function Events({ rollout }: { rollout: RolloutPage }) {
	const t = useTranslations("rollout.events");
	const words = useServerWords();
	const said = useSaid();
	const [search, setSearch] = useState("");
	const [kind, setKind] = useState("");
	const linked = useLinkedEvent();
	const kinds = [...new Set(rollout.events.map((event) => event.kind))].sort();
	const shown = [...rollout.events]
		.sort((a, b) => b.sequence - a.sequence)
		.filter(
			(event) =>
				(kind === "" || event.kind === kind) && isFound(event, `${words.eventKind(event.kind)} ${said(event.message)}`, search),
		);
	return (
		<Section
			title={t("title")}
			aside={
				<>
					<Select aria-label={t("kind")} value={kind} onChange={(event) => setKind(event.target.value)} className="h-7 text-xs">
						<option value="">{t("allKinds")}</option>
						{kinds.map((name) => (
							<option key={name} value={name}>
								{words.eventKind(name)}
							</option>
						))}
					</Select>
					<Input
						type="search"
						value={search}
						onChange={(event) => setSearch(event.target.value)}
						placeholder={t("filter")}
						aria-label={t("filter")}
						className="h-7 w-40 text-xs"
					/>
				</>
			}
		>
			{shown.length === 0 ? (
				<p className="text-soft text-sm">{rollout.events.length === 0 ? t("none") : t("nothingFound")}</p>
			) : (
				<ol className="border-line border-t" data-testid="rollout-events">
					{shown.map((event) => (
						<EventLine key={event.sequence} event={event} linked={linked === event.sequence} />
					))}
				</ol>
			)}
		</Section>
	);
}

function EventLine({ event, linked }: { event: RolloutEventRow; linked: boolean }) {
	const t = useTranslations("rollout.events");
	const words = useServerWords();
	const absolute = useAbsoluteTime();
	const [open, setOpen] = useState(false);
	const { sequence } = event;
	const bad = event.kind === "problem";
	return (
		<li
			id={`event-${sequence}`}
			className={cx(
				"group grid grid-cols-[4.5rem_minmax(0,1fr)_auto] items-start gap-x-3 border-line border-b py-1.5 text-sm sm:grid-cols-[4.5rem_7rem_minmax(0,1fr)_auto]",
				linked && "bg-accent-wash",
			)}
		>
			<time dateTime={event.at.toISOString()} title={absolute(event.at)} className="text-faint leading-6">
				{absolute(event.at, "clock")}
			</time>
			<span className={cx("leading-6 max-sm:hidden", bad ? "text-failed" : "text-faint")}>{words.eventKind(event.kind)}</span>
			<div className="min-w-0 leading-6">
				<span className={cx("break-words", bad && "text-failed")}>
					<Said text={event.message} />
				</span>{" "}
				<span className="text-faint text-xs">{t("by", { who: event.actor })}</span>{" "}
				{Object.keys(event.data).length > 0 && (
					<button
						type="button"
						aria-expanded={open}
						onClick={() => setOpen(!open)}
						className="text-faint text-xs underline decoration-dotted hover:text-ink"
					>
						{t("data")}
					</button>
				)}
				{open && (
					<pre className="mb-1 overflow-x-auto rounded bg-sunken p-2 font-mono text-xs leading-5 whitespace-pre-wrap">
						{JSON.stringify(event.data, null, 2)}
					</pre>
				)}
			</div>
			<LinkToEvent sequence={sequence} label={t("copyLink", { sequence })} />
		</li>
	);
}

function LinkToEvent({ sequence, label }: { sequence: number; label: string }) {
	const [href, setHref] = useState(`#event-${sequence}`);
	useEffect(() => setHref(`${location.origin}${location.pathname}#event-${sequence}`), [sequence]);
	return (
		<span className="flex items-center opacity-0 group-focus-within:opacity-100 group-hover:opacity-100">
			<Link2 aria-hidden="true" className="size-3.5 text-faint" />
			<CopyButton bare text={href} label={label} />
		</span>
	);
}

/** The event that the address names: it is scrolled to once it is there. */
function useLinkedEvent(): number | null {
	const [linked, setLinked] = useState<number | null>(null);
	useEffect(() => {
		const match = /^#event-(\d+)$/.exec(location.hash);
		if (match?.[1] === undefined) return;
		setLinked(Number(match[1]));
		document.getElementById(`event-${match[1]}`)?.scrollIntoView({ block: "center" });
	}, []);
	return linked;
}

function isFound(event: RolloutEventRow, kind: string, search: string): boolean {
	const text = `${kind} ${event.actor} ${event.message}`.toLowerCase();
	return search
		.toLowerCase()
		.split(/\s+/)
		.every((word) => text.includes(word));
}
