"use client";

import { useTranslations } from "next-intl";
import { Dialog as Radix } from "radix-ui";
import { useId, useState } from "react";
import { cx } from "./class-names";
import { useFocusBack } from "./use-focus-back";

export interface PaletteItem {
	readonly id: string;
	readonly label: string;
	readonly group: string;
	readonly href: string;
	/** More words by which it is found. */
	readonly words?: string;
}

interface PaletteProps {
	open: boolean;
	onOpenChange(open: boolean): void;
	items: readonly PaletteItem[];
	onChoose(item: PaletteItem): void;
	/** What is typed, for items that are looked for by it. */
	onQuery?(query: string): void;
}

/** Type, arrow down, Enter: goes to a page or a thing by its name. */
export function Palette({ open, onOpenChange, items, onChoose, onQuery }: PaletteProps) {
	const t = useTranslations("palette");
	const list = useId();
	const focusBack = useFocusBack();
	const [query, setQuery] = useState("");
	const [at, setAt] = useState(0);
	const found = matching(items, query);
	const chosen = found[Math.min(at, found.length - 1)];
	const choose = (item: PaletteItem | undefined) => {
		if (item === undefined) return;
		setQuery("");
		onQuery?.("");
		onOpenChange(false);
		onChoose(item);
	};
	const onKeyDown = (event: React.KeyboardEvent) => {
		if (event.key === "ArrowDown" || event.key === "ArrowUp") {
			event.preventDefault();
			setAt((now) => Math.max(0, Math.min(found.length - 1, now + (event.key === "ArrowDown" ? 1 : -1))));
		} else if (event.key === "Enter") {
			event.preventDefault();
			choose(chosen);
		}
	};
	return (
		<Radix.Root open={open} onOpenChange={onOpenChange}>
			<Radix.Portal>
				<Radix.Overlay className="fixed inset-0 z-40 bg-black/45" />
				<Radix.Content
					{...focusBack}
					aria-describedby={undefined}
					className="fixed top-[12vh] left-1/2 z-50 flex max-h-[70vh] w-[min(34rem,calc(100vw-2rem))] -translate-x-1/2 flex-col overflow-hidden rounded-lg border border-line bg-canvas shadow-xl"
				>
					<Radix.Title className="sr-only">{t("title")}</Radix.Title>
					<input
						role="combobox"
						aria-expanded="true"
						aria-controls={list}
						aria-activedescendant={chosen === undefined ? undefined : `${list}-${chosen.id}`}
						aria-label={t("title")}
						placeholder={t("placeholder")}
						value={query}
						onChange={(event) => {
							setQuery(event.target.value);
							onQuery?.(event.target.value);
							setAt(0);
						}}
						onKeyDown={onKeyDown}
						className="h-12 shrink-0 border-line border-b bg-transparent px-4 text-base outline-none placeholder:text-faint focus-visible:outline-none"
					/>
					<div id={list} role="listbox" aria-label={t("results")} className="min-h-0 overflow-y-auto p-1.5">
						{found.map((item) => (
							// biome-ignore lint/a11y/useKeyWithClickEvents: the input above handles the keys
							// biome-ignore lint/a11y/useFocusableInteractive: the input keeps the focus
							<div
								key={item.id}
								id={`${list}-${item.id}`}
								role="option"
								aria-selected={item === chosen}
								onClick={() => choose(item)}
								onMouseMove={() => setAt(found.indexOf(item))}
								className={cx("flex cursor-pointer justify-between gap-4 rounded px-2.5 py-1.5", item === chosen && "bg-raised")}
							>
								<span className="truncate">{item.label}</span>
								<span className="shrink-0 text-faint text-xs leading-5">{item.group}</span>
							</div>
						))}
					</div>
					{found.length === 0 && <p className="px-4 pb-4 text-soft text-sm">{t("nothing", { query })}</p>}
				</Radix.Content>
			</Radix.Portal>
		</Radix.Root>
	);
}

/** Items whose label, group or further words have every typed word; a label that begins with them first. At most 12. */
export function matching(items: readonly PaletteItem[], query: string): PaletteItem[] {
	const words = query.toLowerCase().split(/\s+/).filter(Boolean);
	const hits = items.filter((item) => {
		const text = `${item.label} ${item.group} ${item.words ?? ""}`.toLowerCase();
		return words.every((word) => text.includes(word));
	});
	const first = words[0] ?? "";
	const begins = (item: PaletteItem) => (item.label.toLowerCase().startsWith(first) ? 0 : 1);
	return hits.sort((a, b) => begins(a) - begins(b)).slice(0, 12);
}
