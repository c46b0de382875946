"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/button";
import { Cell, Head, HeadRow, Row, Table } from "@/components/table";
import { useAbsoluteTime } from "@/components/time-ago";
import { capAt } from "@/domain/rollout/stage";
import type { RolloutPage } from "@/server/views";
import { Said } from "../../../../../../i18n/said/said";
import { VerdictStatus } from "./analysis";

const shownFirst = 6;

/** Every measurement, newest first: what was seen, and what was made of it. */
export function Evidence({ rollout }: { rollout: RolloutPage }) {
	const t = useTranslations("rollout.evidence");
	const absolute = useAbsoluteTime();
	const [isWhole, setWhole] = useState(false);
	const { measurements, plan } = rollout;
	const shown = isWhole ? measurements : measurements.slice(0, shownFirst);
	return (
		<div className="mt-5">
			<h3 className="font-medium text-sm">{t("title")}</h3>
			<Table label={t("title")}>
				<HeadRow>
					<Head className="text-right">{t("number")}</Head>
					<Head>{t("at")}</Head>
					<Head className="text-right">{t("weight")}</Head>
					<Head>{t("verdict")}</Head>
					<Head>{t("sentence")}</Head>
				</HeadRow>
				<tbody>
					{shown.map(({ number, at, step, verdict, sentence }) => (
						<Row key={number}>
							<Cell className="text-right">{number}</Cell>
							<Cell className="whitespace-nowrap text-soft" title={absolute(at)}>
								{absolute(at, "clock")}
							</Cell>
							<Cell className="text-right whitespace-nowrap">{t("percent", { weight: capAt(plan.steps, step) })}</Cell>
							<Cell>
								<VerdictStatus verdict={verdict} />
							</Cell>
							<Cell className="min-w-64 text-soft break-words">
								<Said text={sentence} />
							</Cell>
						</Row>
					))}
				</tbody>
			</Table>
			{measurements.length > shownFirst && (
				<Button look="quiet" size="small" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
					{isWhole ? t("fewer") : t("all", { count: measurements.length })}
				</Button>
			)}
		</div>
	);
}
