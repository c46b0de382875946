"use client";

import { useTranslations } from "next-intl";
import type { ConfigDifference, ConfigEntryRow } from "@/server/views";

/** Name by name, what it was and what it is; of a secret only which value. */
export function Differences({ differences }: { differences: readonly ConfigDifference[] }) {
	const t = useTranslations("configuration");
	if (differences.length === 0) return <p className="text-soft text-sm">{t("noDifference")}</p>;
	return (
		<ul className="grid gap-2">
			{differences.map(({ name, change, before, after }) => (
				<li key={name} className="grid grid-cols-[minmax(0,1fr)] gap-0.5 border-line border-l-2 pl-3 text-sm">
					<p className="flex flex-wrap gap-x-2">
						<code className="font-mono text-xs leading-5">{name}</code>
						<span className="text-faint text-xs leading-5">{t(`changes.${change}`)}</span>
					</p>
					{before !== null && (
						<p className="font-mono text-failed text-xs break-all">
							<span className="sr-only">{t("before")} </span>
							<span aria-hidden="true">{"− "}</span>
							<Shown entry={before} />
						</p>
					)}
					{after !== null && (
						<p className="font-mono text-healthy text-xs break-all">
							<span className="sr-only">{t("after")} </span>
							<span aria-hidden="true">{"+ "}</span>
							<Shown entry={after} />
						</p>
					)}
				</li>
			))}
		</ul>
	);
}

function Shown({ entry }: { entry: ConfigEntryRow }) {
	const t = useTranslations("configuration");
	if (entry.kind === "secret")
		return entry.secret === null ? t("newSecret") : t("secretVersion", { version: entry.secret.version });
	if (entry.value === null) return t("hidden");
	return entry.value === "" ? t("emptyValue") : entry.value;
}
