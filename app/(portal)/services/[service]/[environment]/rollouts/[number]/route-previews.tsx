"use client";

import { useTranslations } from "next-intl";
import { Cell, Head, HeadRow, Row, Table } from "@/components/table";
import type { RolloutPage } from "@/server/views";

type Preview = RolloutPage["routes"][number];

/** Where requests go now, after each step to come, and at the end: what a person approves is what the proxies will be told. */
export function RoutePreviews({ rollout }: { rollout: RolloutPage }) {
	const t = useTranslations("rollout.routes");
	return (
		<Table label={t("label")}>
			<HeadRow>
				<Head>{t("when")}</Head>
				<Head>{t("stable")}</Head>
				<Head>{t("candidate")}</Head>
			</HeadRow>
			<tbody>
				{rollout.routes.map((preview) => (
					<Row key={`${preview.at} ${preview.step}`}>
						<Cell className="whitespace-nowrap">
							{preview.step === null ? t(preview.at === "now" ? "now" : "end") : t("step", { number: preview.step + 1 })}
						</Cell>
						<Cell>
							<Side preview={preview} is={(release) => release !== rollout.to || rollout.from === rollout.to} />
						</Cell>
						<Cell>
							<Side preview={preview} is={(release) => release === rollout.to && rollout.from !== rollout.to} />
						</Cell>
					</Row>
				))}
			</tbody>
		</Table>
	);
}

function Side({ preview, is }: { preview: Preview; is(release: number): boolean }) {
	const t = useTranslations("rollout.routes");
	const own = preview.releases.filter(({ release }) => is(release));
	if (own.length === 0) return <span className="text-faint">{t("nothing")}</span>;
	return own.map(({ release, weight, endpoints }) => (
		<span key={release} className="block tabular">
			{t("share", { release, weight, endpoints })}
		</span>
	));
}
