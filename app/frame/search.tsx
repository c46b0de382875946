"use client";

import { Search as SearchIcon } from "lucide-react";
import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";

// Loaded when first opened: every page has them, few readers open them.
const SearchPalette = dynamic(() => import("./search-palette").then((module) => module.SearchPalette), { ssr: false });
const Keys = dynamic(() => import("./keys").then((module) => module.Keys), { ssr: false });

/** `/` or Ctrl/Cmd K anywhere: to a page, service, repository, host, rollout or pipeline by its name. */
export function Search() {
	const t = useTranslations("search");
	// Null = not opened yet, so not loaded.
	const [isOpen, setOpen] = useState<boolean | null>(null);
	const [isHelping, setHelping] = useState<boolean | null>(null);
	useEffect(() => {
		const onKey = (event: KeyboardEvent) => {
			const palette = event.key === "k" && (event.metaKey || event.ctrlKey);
			const isFree = !event.metaKey && !event.ctrlKey && !event.altKey && !isTyping(event.target);
			// What is asked in a dialog is answered first.
			if (!palette && document.querySelector("[role=dialog]") !== null) return;
			if (isFree && event.key === "?") setHelping(true);
			else if (palette || (isFree && event.key === "/")) setOpen(true);
			else return;
			event.preventDefault();
		};
		document.addEventListener("keydown", onKey);
		return () => document.removeEventListener("keydown", onKey);
	}, []);
	return (
		<>
			<button
				type="button"
				onClick={() => setOpen(true)}
				className="flex h-8 items-center gap-2 rounded-md border border-line bg-raised px-2 text-faint text-sm hover:text-ink md:w-52"
				aria-label={t("open")}
				aria-keyshortcuts="/ Control+K Meta+K"
			>
				<SearchIcon aria-hidden="true" className="size-4" />
				<span className="flex-1 text-left max-md:hidden">{t("label")}</span>
				<kbd className="rounded border border-line bg-canvas px-1.5 font-sans text-xs max-md:hidden">{"/"}</kbd>
			</button>
			{isHelping !== null && <Keys open={isHelping} onOpenChange={setHelping} />}
			{isOpen !== null && <SearchPalette open={isOpen} onOpenChange={setOpen} />}
		</>
	);
}

function isTyping(target: EventTarget | null): boolean {
	return target instanceof HTMLElement && (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));
}
