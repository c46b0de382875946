"use client";

import { useTranslations } from "next-intl";
import { Cell, Head, HeadRow, Row, Table } from "@/components/table";

interface Setting {
	readonly path: string;
	/** null = not there. */
	readonly from: string | null;
	readonly to: string | null;
}

/** Path by path, what it was and what it is. */
export function SettingsTable({ label, settings }: { label: string; settings: readonly Setting[] }) {
	const t = useTranslations("rollout.changes");
	return (
		<Table label={label}>
			<HeadRow>
				<Head>{t("path")}</Head>
				<Head>{t("before")}</Head>
				<Head>{t("after")}</Head>
			</HeadRow>
			<tbody>
				{settings.map(({ path, from, to }) => (
					<Row key={path}>
						<Cell className="min-w-28 font-mono text-xs leading-5 break-words">{path}</Cell>
						<Value text={from} />
						<Value text={to} />
					</Row>
				))}
			</tbody>
		</Table>
	);
}

function Value({ text }: { text: string | null }) {
	const t = useTranslations("rollout.changes");
	if (text === null) return <Cell className="whitespace-nowrap text-faint">{t("notThere")}</Cell>;
	return <Cell className="min-w-28 max-w-80 font-mono text-xs leading-5 break-words">{text}</Cell>;
}
