"use client";

import { useTranslations } from "next-intl";
import { Section } from "@/components/section";
import { Status, type Tone } from "@/components/status";
import { Cell, Head, HeadRow, Row, Table } from "@/components/table";
import { TimeAgo } from "@/components/time-ago";
import type { RolloutPage } from "@/server/views";
import { useServerWords } from "../../../../../../status/server-words";

type ProxyAck = RolloutPage["proxies"][number];
type Word = "acknowledged" | "behind" | "refused" | "silent" | "never";

const tones: Record<Word, Tone> = {
	acknowledged: "healthy",
	behind: "progressing",
	refused: "failed",
	silent: "degraded",
	never: "unknown",
};

/** Which proxies obey the traffic as published, and which do not yet. */
export function Acknowledgements({ rollout }: { rollout: RolloutPage }) {
	const t = useTranslations("rollout.acknowledgements");
	const done = rollout.proxies.filter((proxy) => wordOf(proxy, rollout.revision) === "acknowledged").length;
	const summary = t("summary", { done, count: rollout.proxies.length, revision: rollout.revision });
	return (
		<Section title={t("title")} aside={<span className="tabular">{summary}</span>}>
			{rollout.proxies.length === 0 ? (
				<p className="text-soft text-sm">{t("none")}</p>
			) : (
				<Table label={t("title")}>
					<HeadRow>
						<Head>{t("proxy")}</Head>
						<Head>{t("roles")}</Head>
						<Head className="text-right">{t("revision")}</Head>
						<Head>{t("word")}</Head>
					</HeadRow>
					<tbody>
						{rollout.proxies.map((proxy) => (
							<ProxyLine key={proxy.id} proxy={proxy} published={rollout.revision} />
						))}
					</tbody>
				</Table>
			)}
		</Section>
	);
}

function ProxyLine({ proxy, published }: { proxy: ProxyAck; published: number }) {
	const t = useTranslations("rollout.acknowledgements");
	const words = useServerWords();
	const word = wordOf(proxy, published);
	return (
		<Row>
			<Cell className="font-mono text-xs leading-5 whitespace-nowrap">{proxy.id}</Cell>
			<Cell className="text-soft">{words.hostRoles(proxy.roles)}</Cell>
			<Cell className="text-right">{proxy.acknowledged ?? t("noRevision")}</Cell>
			<Cell className="whitespace-nowrap">
				<Status tone={tones[word]} label={t(word)} />
				{proxy.silentSince !== null && (
					<span className="ml-2 text-faint text-xs">
						<TimeAgo at={proxy.silentSince} />
					</span>
				)}
			</Cell>
		</Row>
	);
}

/** A silent proxy may still serve what it had: its older word is not enough. */
function wordOf(proxy: ProxyAck, published: number): Word {
	if (proxy.silentSince !== null) return "silent";
	if (proxy.verdict === "nack") return "refused";
	if (proxy.acknowledged === null) return "never";
	return proxy.acknowledged >= published ? "acknowledged" : "behind";
}
