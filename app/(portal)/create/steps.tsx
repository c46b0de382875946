"use client";

import { useTranslations } from "next-intl";

const screens = ["choose", "form", "review", "run"] as const;

/** Where in the four screens a person is. */
export function Steps({ current }: { current: (typeof screens)[number] }) {
	const t = useTranslations("create.screens");
	return (
		<ol aria-label={t("label")} className="mb-5 flex flex-wrap gap-x-5 gap-y-1 text-sm">
			{screens.map((screen, index) => (
				<li
					key={screen}
					aria-current={screen === current ? "step" : undefined}
					className={screen === current ? "font-medium text-accent" : "text-faint"}
				>
					<span className="tabular">{`${index + 1}. `}</span>
					{t(screen)}
				</li>
			))}
		</ol>
	);
}
