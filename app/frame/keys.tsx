"use client";

import { useTranslations } from "next-intl";
import { Dialog } from "@/components/dialog";

/** Key by key; names of keys are the same in every language. */
const keys = [
	{ name: "search", pressed: ["/", "Ctrl K", "⌘ K"] },
	{ name: "help", pressed: ["?"] },
	{ name: "choose", pressed: ["↑", "↓"] },
	{ name: "go", pressed: ["Enter"] },
	{ name: "close", pressed: ["Esc"] },
] as const;

/** Which keys do what, anywhere. */
export function Keys({ open, onOpenChange }: { open: boolean; onOpenChange(open: boolean): void }) {
	const t = useTranslations("keys");
	return (
		<Dialog open={open} onOpenChange={onOpenChange} title={t("title")} description={t("description")}>
			<dl className="grid grid-cols-[auto_minmax(0,1fr)] items-baseline gap-x-6 gap-y-2">
				{keys.map(({ name, pressed }) => (
					<div key={name} className="contents">
						<dt className="flex flex-wrap gap-1.5">
							{pressed.map((key) => (
								<kbd key={key} className="rounded border border-line bg-raised px-1.5 font-sans text-xs leading-5">
									{key}
								</kbd>
							))}
						</dt>
						<dd>{t(name)}</dd>
					</div>
				))}
			</dl>
		</Dialog>
	);
}
