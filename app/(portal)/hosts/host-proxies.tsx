"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { Status } from "@/components/status";
import { Cell, Head, HeadRow, Row, Table } from "@/components/table";
import { TimeAgo } from "@/components/time-ago";
import type { HostRow } from "@/server/views";
import { addressOf } from "../../frame/addresses";
import { Said } from "../../i18n/said/said";
import { useServerWords } from "../../status/server-words";

type Proxy = HostRow["proxies"][number];
type Ack = Proxy["acknowledged"][number];

/** Each proxy of the host, and the revision of each service that it serves. */
export function HostProxies({ host, proxies }: { host: string; proxies: readonly Proxy[] }) {
	const t = useTranslations("hosts");
	if (proxies.length === 0) return <p className="text-soft text-sm">{t("noProxies")}</p>;
	const hidden = proxies.reduce((sum, proxy) => sum + proxy.acknowledgedCount - proxy.acknowledged.length, 0);
	return (
		<>
			<Table label={t("proxiesOf", { host })}>
				<HeadRow>
					<Head>{t("proxy")}</Head>
					<Head>{t("state")}</Head>
					<Head>{t("service")}</Head>
					<Head className="text-right">{t("acknowledged")}</Head>
					<Head>{t("word")}</Head>
				</HeadRow>
				<tbody>
					{proxies.flatMap((proxy) =>
						proxy.acknowledged.length === 0
							? [<ProxyLine key={proxy.id} proxy={proxy} ack={null} first />]
							: proxy.acknowledged.map((ack, index) => (
									<ProxyLine key={`${proxy.id} ${ack.service}/${ack.environment}`} proxy={proxy} ack={ack} first={index === 0} />
								)),
					)}
				</tbody>
			</Table>
			{hidden > 0 && <p className="text-soft text-sm">{t("moreServices", { count: hidden })}</p>}
		</>
	);
}

function ProxyLine({ proxy, ack, first }: { proxy: Proxy; ack: Ack | null; first: boolean }) {
	const t = useTranslations("hosts");
	const words = useServerWords();
	return (
		<Row>
			<Cell className="whitespace-nowrap">
				{first && (
					<>
						<span className="font-mono text-xs">{proxy.id}</span>{" "}
						<span className="text-faint text-xs">{words.hostRoles(proxy.roles)}</span>
					</>
				)}
			</Cell>
			<Cell className="whitespace-nowrap">{first && <ProxyState proxy={proxy} />}</Cell>
			<Cell className="whitespace-nowrap">
				{ack === null ? (
					<span className="text-faint">{t("nothingServed")}</span>
				) : (
					<Link href={addressOf.service(ack.service)} className="hover:text-accent hover:underline">
						{t("serviceIn", { service: ack.service, environment: ack.environment })}
					</Link>
				)}
			</Cell>
			<Cell className="text-right whitespace-nowrap">
				{ack !== null && t("revisionOf", { revision: ack.revision, published: ack.published })}
			</Cell>
			<Cell className="max-w-96">{ack !== null && <AckWord ack={ack} />}</Cell>
		</Row>
	);
}

function ProxyState({ proxy }: { proxy: Proxy }) {
	const t = useTranslations("hosts");
	return (
		<span className="inline-flex items-center gap-2">
			<Status tone={proxy.alive ? "healthy" : "degraded"} label={proxy.alive ? t("alive") : t("silent")} />
			{!proxy.alive && proxy.leaseAt !== null && <TimeAgo at={proxy.leaseAt} className="text-faint text-xs" />}
		</span>
	);
}

function AckWord({ ack }: { ack: Ack }) {
	const t = useTranslations("hosts");
	if (ack.verdict === "nack") {
		return (
			<>
				<Status tone="failed" label={t("refused")} />
				{ack.message !== null && (
					<p className="text-failed text-xs break-words">
						<Said text={ack.message} />
					</p>
				)}
			</>
		);
	}
	return ack.revision >= ack.published ? (
		<Status tone="healthy" label={t("current")} />
	) : (
		<Status tone="progressing" label={t("behind")} />
	);
}
