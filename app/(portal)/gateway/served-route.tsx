"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { Section } from "@/components/section";
import { Status, type Tone } from "@/components/status";
import { Cell, Head, HeadRow, Row, Table } from "@/components/table";
import { TimeAgo } from "@/components/time-ago";
import type { GatewayRoute } from "@/server/views";
import { addressOf } from "../../frame/addresses";
import { Said } from "../../i18n/said/said";
import { RouteDifference } from "./route-difference";

type Release = GatewayRoute["releases"][number];
type Endpoint = Release["endpoints"][number];
type Word = GatewayRoute["proxies"][number]["word"];

const tones: Record<Word, Tone> = {
	acknowledged: "healthy",
	behind: "progressing",
	refused: "failed",
	silent: "degraded",
	never: "unknown",
};

interface RouteProps {
	route: GatewayRoute;
	/** What one proxy shows; "" = what all do. */
	proxy: string;
}

/** From the names that clients use to who answers them, and which proxies do not obey it yet. */
export function Route({ route, proxy }: RouteProps) {
	const t = useTranslations("gateway");
	const { service, environment, revision, hosts, ports, virtualAddress } = route;
	const done = route.proxies.filter(({ word }) => word === "acknowledged").length;
	const title = t("name", { service, environment });
	return (
		<Section
			id={`${service}.${environment}`}
			title={title}
			aside={
				<>
					<span className="tabular">{t("acknowledged", { revision, done, count: route.proxies.length })}</span>
					<Link href={addressOf.service(service)} className="text-accent hover:underline">
						{t("open")}
					</Link>
				</>
			}
		>
			<p className="mb-2 flex flex-wrap gap-x-4 gap-y-1 text-soft text-sm">
				{hosts.length === 0 ? (
					<span>{t("inside")}</span>
				) : (
					hosts.map((host) => (
						<code key={host} className="font-mono text-xs leading-5 break-all">
							{host}
						</code>
					))
				)}
				<span className="font-mono text-faint text-xs leading-5">
					{virtualAddress} {ports.map(({ port, protocol }) => `${port}/${protocol}`).join(" ")}
				</span>
			</p>
			{route.releases.length === 0 ? (
				<p className="text-soft text-sm">{t("nothingServed")}</p>
			) : (
				<Endpoints title={title} releases={route.releases} proxy={proxy} />
			)}
			<NotYet route={route} proxy={proxy} />
		</Section>
	);
}

function Endpoints({ title, releases, proxy }: { title: string; releases: readonly Release[]; proxy: string }) {
	const t = useTranslations("gateway");
	return (
		<Table label={t("endpointsOf", { name: title })}>
			<HeadRow>
				<Head>{t("release")}</Head>
				<Head>{t("endpoint")}</Head>
				<Head>{t("host")}</Head>
				<Head>{t("published")}</Head>
				<Head>{t("health")}</Head>
				<Head className="text-right">{t("inFlight")}</Head>
			</HeadRow>
			<tbody>
				{releases.flatMap(({ release, weight, endpoints }) => {
					const name = <span className="whitespace-nowrap tabular">{t("share", { release, weight })}</span>;
					if (endpoints.length === 0)
						return [
							<Row key={release}>
								<Cell>{name}</Cell>
								<Cell colSpan={5} className="text-faint">
									{t("noEndpoints")}
								</Cell>
							</Row>,
						];
					return endpoints.map((endpoint, index) => (
						<Row key={endpoint.instance}>
							<Cell className="font-medium">{index === 0 && name}</Cell>
							<EndpointCells endpoint={endpoint} proxy={proxy} />
						</Row>
					));
				})}
			</tbody>
		</Table>
	);
}

function EndpointCells({ endpoint, proxy }: { endpoint: Endpoint; proxy: string }) {
	const t = useTranslations("gateway");
	const seen = endpoint.seen.filter((one) => proxy === "" || one.proxy === proxy);
	const healthy = seen.filter(({ health }) => health === "healthy").length;
	const draining = seen.filter((one) => one.draining).length;
	const active = seen.reduce((sum, one) => sum + one.active, 0);
	const tone = seen.length === 0 ? "unknown" : healthy === seen.length ? "healthy" : healthy > 0 ? "degraded" : "failed";
	return (
		<>
			<Cell className="font-mono text-xs leading-5 whitespace-nowrap">
				{endpoint.instance} <span className="text-faint">{endpoint.address}</span>
			</Cell>
			<Cell className="whitespace-nowrap">{endpoint.host ?? t("unknownHost")}</Cell>
			<Cell className="whitespace-nowrap">
				<Status tone={endpoint.state === "draining" ? "progressing" : "healthy"} label={t(endpoint.state)} />
			</Cell>
			<Cell className="whitespace-nowrap">
				<Status tone={tone} label={seen.length === 0 ? t("nobodySees") : t("healthyOn", { healthy, count: seen.length })} />
				{draining > 0 && <span className="ml-2 text-faint text-xs">{t("drainingOn", { draining, count: seen.length })}</span>}
			</Cell>
			<Cell className="text-right tabular">{active}</Cell>
		</>
	);
}

/** Proxies that do not obey what is published, why, and what they serve instead. */
function NotYet({ route, proxy }: RouteProps) {
	const t = useTranslations("gateway");
	const late = route.proxies.filter(({ id, word }) => word !== "acknowledged" && (proxy === "" || id === proxy));
	if (late.length === 0) return null;
	return (
		<ul className="mt-3 grid grid-cols-[minmax(0,1fr)] gap-3">
			{late.map(({ id, word, revision, message, at, difference }) => (
				<li key={id} className="grid grid-cols-[minmax(0,1fr)] gap-1 border-line border-l-2 pl-3 text-sm">
					<p className="flex flex-wrap items-center gap-x-3">
						<code className="font-mono text-xs">{id}</code>
						<Status tone={tones[word]} label={t(`words.${word}`)} />
						{revision !== null && <span className="text-soft">{t("lastWord", { revision, published: route.revision })}</span>}
						{at !== null && <TimeAgo at={at} className="text-faint text-xs" />}
					</p>
					{message !== null && (
						<p className="text-failed text-xs break-words">
							<Said text={message} />
						</p>
					)}
					{difference !== null ? (
						<RouteDifference difference={difference} />
					) : (
						revision !== null &&
						revision < route.revision && <p className="text-faint text-xs">{t("differenceUnknown", { revision })}</p>
					)}
				</li>
			))}
		</ul>
	);
}
