"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { Empty } from "@/components/empty";
import { Status } from "@/components/status";
import { Cell, Head, HeadRow, Row, Table } from "@/components/table";
import { TimeAgo } from "@/components/time-ago";
import type { GatewayPage, GatewayProxy } from "@/server/views";
import { addressOf } from "../../frame/addresses";
import { useServerWords } from "../../status/server-words";

/** Each Envoy: is it there, and how much of what is published it has acknowledged. */
export function Proxies({ page }: { page: GatewayPage }) {
	const t = useTranslations("gateway");
	const words = useServerWords();
	if (page.proxies.length === 0)
		return (
			<Empty title={t("noProxies")}>
				<div>
					<Link href="/hosts" className="text-accent hover:underline">
						{t("toHosts")}
					</Link>
				</div>
			</Empty>
		);
	return (
		<Table label={t("proxies")}>
			<HeadRow>
				<Head>{t("proxy")}</Head>
				<Head>{t("host")}</Head>
				<Head>{t("roles")}</Head>
				<Head>{t("state")}</Head>
				<Head className="text-right">{t("obeys")}</Head>
			</HeadRow>
			<tbody>
				{page.proxies.map((proxy) => (
					<Row key={proxy.id}>
						<Cell className="font-mono text-xs leading-5 whitespace-nowrap">{proxy.id}</Cell>
						<Cell className="whitespace-nowrap">
							<Link href={addressOf.host(proxy.host)} className="hover:text-accent hover:underline">
								{proxy.host}
							</Link>
						</Cell>
						<Cell className="text-soft">{words.hostRoles(proxy.roles)}</Cell>
						<Cell className="whitespace-nowrap">
							<Life proxy={proxy} />
						</Cell>
						<Cell className="text-right whitespace-nowrap">
							{t("obeysOf", { done: obeyed(page, proxy.id), count: page.routes.length })}
						</Cell>
					</Row>
				))}
			</tbody>
		</Table>
	);
}

function obeyed({ routes }: GatewayPage, id: string): number {
	return routes.filter(({ proxies }) => proxies.some((one) => one.id === id && one.word === "acknowledged")).length;
}

function Life({ proxy }: { proxy: GatewayProxy }) {
	const t = useTranslations("gateway");
	if (proxy.silentSince === null) return <Status tone="healthy" label={t("answers")} />;
	return (
		<span className="inline-flex items-center gap-2">
			<Status tone="degraded" label={proxy.declaredLostAt === null ? t("silent") : t("lost")} />
			{proxy.silentSince.getTime() > 0 && <TimeAgo at={proxy.silentSince} className="text-faint text-xs" />}
		</span>
	);
}
