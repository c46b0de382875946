"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Notice } from "@/components/notice";
import { Meter } from "@/components/share-bar";
import { Status } from "@/components/status";
import { TimeAgo } from "@/components/time-ago";
import type { HostRow } from "@/server/views";
import { useSaid } from "../../i18n/said/use-said";
import { useServerWords } from "../../status/server-words";
import { HostStatus } from "../../status/status-words";
import { InstanceTable } from "../../tables/instance-table";
import { HostProxies } from "./host-proxies";
import { HostVerbs } from "./host-verbs";

/** One machine: is it there, what is asked of it, what it has, what its proxies obey. */
export function Host({ host }: { host: HostRow }) {
	const t = useTranslations("hosts");
	const words = useServerWords();
	const said = useSaid();
	return (
		<section
			id={host.name}
			aria-label={host.name}
			className="grid scroll-mt-16 grid-cols-[minmax(0,1fr)] gap-3 border-line border-t pt-4"
		>
			<div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
				<h2 className="font-semibold text-lg">{host.name}</h2>
				<HostStatus state={host.state} />
				<span className="text-soft">{words.hostRoles(host.roles)}</span>
				<span className="font-mono text-faint text-xs">{host.address}</span>
				<HostVerbs host={host} />
			</div>
			{host.problem !== null && <Notice tone="degraded" title={said(host.problem)} />}
			<dl className="grid grid-cols-[repeat(auto-fill,minmax(min(13rem,100%),1fr))] gap-x-8 gap-y-3">
				<Fact label={t("lease")}>{host.leaseAt === null ? t("neverHeard") : <TimeAgo at={host.leaseAt} />}</Fact>
				<Fact label={t("revision")}>
					<Converged host={host} />
				</Fact>
				<Fact label={t("memory")}>
					<Capacity
						text={t("memoryOf", { used: gibibytes(host.requestedMemoryBytes), total: gibibytes(host.memoryBytes) })}
						value={host.requestedMemoryBytes}
						max={host.memoryBytes}
					/>
				</Fact>
				<Fact label={t("processors")}>
					<Capacity
						text={t("processorsOf", { used: host.requestedCpus, total: host.cpus })}
						value={host.requestedCpus}
						max={host.cpus}
					/>
				</Fact>
			</dl>
			<HostProxies host={host.name} proxies={host.proxies} />
			{host.instanceCount === 0 ? (
				<p className="text-soft text-sm">{t("noInstances")}</p>
			) : (
				<>
					<InstanceTable rows={host.instances} label={t("instancesOf", { host: host.name })} hide={["host"]} />
					{host.instanceCount > host.instances.length && (
						<p className="text-soft text-sm">{t("moreInstances", { count: host.instanceCount - host.instances.length })}</p>
					)}
				</>
			)}
		</section>
	);
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
	return (
		<div className="grid content-start gap-0.5">
			<dt className="text-faint text-xs">{label}</dt>
			<dd className="tabular">{children}</dd>
		</div>
	);
}

function Converged({ host }: { host: HostRow }) {
	const t = useTranslations("hosts");
	const numbers = { desired: host.desiredRevision, reported: host.reportedRevision };
	if (host.converged && host.reportedRevision >= host.desiredRevision)
		return <Status tone="healthy" label={t("converged", numbers)} />;
	return <Status tone="progressing" label={t("converging", numbers)} />;
}

function Capacity({ text, value, max }: { text: string; value: number; max: number }) {
	return (
		<div className="grid gap-1">
			<span>{text}</span>
			<Meter value={value} max={max} label={text} />
		</div>
	);
}

function gibibytes(bytes: number): number {
	return Math.round((bytes / 1024 ** 3) * 100) / 100;
}
