"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useMemo, useState } from "react";
import { Button } from "@/components/button";
import { CopyButton } from "@/components/copy-button";
import { Input, Select } from "@/components/input";
import { type LogLine, overwritten } from "@/components/log/lines";
import { LogView } from "@/components/log/log-view";
import { type InstanceLine, lineTimeMs, placeText } from "@/domain/instance-log/model";
import { whyNot } from "@/domain/policy/gate";
import type { LoggedInstanceRow, ServicePage } from "@/server/views";
import { Problem } from "../../../../frame/problem";
import { useFilters } from "../../../../frame/use-filters";
import { useTRPC } from "../../../../trpc/client";
import { logsCommand } from "../../../../verbs/command";
import { useServiceLog } from "./use-service-log";

const spans = { "15m": 15 * 60_000, "1h": 60 * 60_000, "1d": 24 * 60 * 60_000, all: null } as const;
const spanNames = ["15m", "1h", "1d", "all"] as const;
const toneCount = 6;

/** What the service's instances wrote, gone ones too. */
export function Logs({ page }: { page: ServicePage }) {
	const t = useTranslations("serviceLog");
	const [filters, setFilter] = useFilters(["environment", "instance", "span", "words"]);
	const names = page.environments.map((version) => version.environment);
	const deployed = page.environments.find(({ stable }) => stable !== null)?.environment;
	const environment = names.find((name) => name === filters.environment) ?? deployed ?? names[0] ?? "";
	const me = useQuery(useTRPC().session.me.queryOptions()).data;
	const refusal = me ? whyNot(me, "log.read") : null;
	if (me === undefined) return null;
	if (refusal !== null) return <p className="text-soft text-sm">{t("refused", { role: me.role })}</p>;
	return (
		<div className="grid grid-cols-[minmax(0,1fr)] gap-3">
			<ServiceLog
				key={environment}
				service={page.name}
				environment={environment}
				filters={filters}
				setFilter={setFilter}
				environments={names}
			/>
		</div>
	);
}

interface ServiceLogProps {
	service: string;
	environment: string;
	environments: readonly string[];
	filters: Record<"environment" | "instance" | "span" | "words", string>;
	setFilter(name: "environment" | "instance" | "span" | "words", value: string): void;
}

function ServiceLog({ service, environment, environments, filters, setFilter }: ServiceLogProps) {
	const t = useTranslations("serviceLog");
	const span = spanNames.find((name) => name === filters.span) ?? "1h";
	const { instance, words } = filters;
	const log = useServiceLog({ service, environment, instance, spanMs: spans[span], search: words });
	const instances = useQuery(useTRPC().log.instances.queryOptions({ service, environment })).data ?? [];
	const lines = useMemo(() => log.lines.map((line, index) => shown(line, index, instances)), [log.lines, instances]);
	return (
		<>
			<div className="flex flex-wrap items-center gap-2">
				<Select
					aria-label={t("environment")}
					value={environment}
					onChange={(event) => setFilter("environment", event.target.value)}
				>
					{environments.map((name) => (
						<option key={name} value={name}>
							{name}
						</option>
					))}
				</Select>
				<Select aria-label={t("instance")} value={instance} onChange={(event) => setFilter("instance", event.target.value)}>
					<option value="">{t("allInstances")}</option>
					{instances.map((one) => (
						<option key={one.id} value={one.id}>
							{t(one.isGone ? "goneInstance" : "runningInstance", { id: one.id, host: one.host ?? "" })}
						</option>
					))}
				</Select>
				<Select aria-label={t("span")} value={span} onChange={(event) => setFilter("span", event.target.value)}>
					{spanNames.map((name) => (
						<option key={name} value={name}>
							{t(`spans.${name}`)}
						</option>
					))}
				</Select>
				<WordsInput words={words} onWords={(value) => setFilter("words", value)} />
				{log.live === null && !log.isLoading && log.error === null && (
					<Button
						onClick={() => {
							history.replaceState(history.state, "", location.pathname + location.search);
							void log.begin();
						}}
					>
						{t("newest")}
					</Button>
				)}
				<span className="flex-1" />
				<CopyButton text={logsCommand({ service, environment, instance, words })} label={t("copyCommand")} />
			</div>
			{log.error !== null && (
				<Problem query={{ error: log.error, dataUpdatedAt: 0, isFetching: log.isLoading, refetch: log.begin }} />
			)}
			<LogView
				lines={lines}
				live={log.live !== null}
				label={t("log", { service, environment })}
				fileName={`${service}-${environment}.log`}
				empty={log.isLoading ? t("loading") : words === "" ? t("empty") : t("notFound", { words })}
				groupLabel={() => ""}
				older={log.older === null ? null : { isLoading: log.isLoading, load: () => void log.loadOlder() }}
				className="h-[max(24rem,calc(100dvh-17rem))]"
			/>
		</>
	);
}

/** Asked for when typing ends with Enter, or leaves the field. */
function WordsInput({ words, onWords }: { words: string; onWords(words: string): void }) {
	const t = useTranslations("serviceLog");
	const [draft, setDraft] = useState(words);
	return (
		<Input
			type="search"
			aria-label={t("words")}
			placeholder={t("words")}
			value={draft}
			onChange={(event) => setDraft(event.target.value)}
			onBlur={() => onWords(draft)}
			onKeyDown={(event) => {
				if (event.key === "Enter") onWords(draft);
			}}
			className="w-56"
		/>
	);
}

/** Colours follow the order in which instances came, so neighbours differ. */
function shown(line: InstanceLine, index: number, instances: readonly LoggedInstanceRow[]): LogLine {
	const place = instances.findIndex(({ id }) => id === line.instance);
	return {
		number: index + 1,
		anchor: placeText(line),
		origin: { label: line.instance, tone: Math.max(0, place) % toneCount },
		group: "",
		at: new Date(lineTimeMs(line.time)),
		text: overwritten(line.text),
		opens: false,
	};
}
