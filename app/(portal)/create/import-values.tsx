"use client";

import { useTranslations } from "next-intl";
import { Cell, Head, HeadRow, Row, Table } from "@/components/table";
import { type ProposedValue, placeText } from "@/domain/import/model";

/** Each value of the manifest with the line of the repository that says it. */
export function ImportValues({ values }: { values: readonly ProposedValue[] }) {
	const t = useTranslations("create.import");
	const label = useLabel();
	return (
		<Table label={t("values")}>
			<HeadRow>
				<Head>{t("valueName")}</Head>
				<Head>{t("value")}</Head>
				<Head>{t("from")}</Head>
			</HeadRow>
			<tbody>
				{values.map((one) => (
					<Row key={one.key}>
						<Cell className="whitespace-nowrap">{label(one.key)}</Cell>
						<Cell className="font-mono text-xs break-all">{one.value}</Cell>
						<Cell className="whitespace-nowrap">
							{one.from === null ? (
								<span className="text-faint">{t("ofSluice")}</span>
							) : (
								<code className="font-mono text-xs">{placeText(one.from)}</code>
							)}
						</Cell>
					</Row>
				))}
			</tbody>
		</Table>
	);
}

function useLabel(): (key: string) => string {
	const t = useTranslations("create.import.label");
	return (key) => {
		const [kind = "", ...rest] = key.split(".");
		const name = rest.join(".");
		switch (kind) {
			case "port":
			case "variable":
			case "volume":
				return t(kind, { name });
			case "name":
			case "description":
			case "owner":
			case "system":
			case "type":
			case "lifecycle":
			case "health":
			case "dockerfile":
			case "context":
			case "target":
			case "memory":
			case "cpu":
			case "command":
			case "instances":
			case "strategy":
				return t(kind);
			default:
				return key;
		}
	};
}
