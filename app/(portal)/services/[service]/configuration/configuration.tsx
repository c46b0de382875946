"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/button";
import { Select } from "@/components/input";
import { Notice } from "@/components/notice";
import { Skeleton } from "@/components/skeleton";
import type { ConfigPage, ServicePage } from "@/server/views";
import { Problem } from "../../../../frame/problem";
import { useFilters } from "../../../../frame/use-filters";
import { useTRPC } from "../../../../trpc/client";
import { DeployDialog } from "../deploy-dialog";
import { Editor } from "./editor";
import { History } from "./history";

/** One environment's configuration: what it is, what runs with it, what it was. */
export function Configuration({ page }: { page: ServicePage }) {
	const t = useTranslations("configuration");
	const [{ environment: wanted }, setFilter] = useFilters(["environment"]);
	const names = page.environments.map((version) => version.environment);
	const environment = names.find((name) => name === wanted) ?? names[0] ?? "";
	const query = useQuery(useTRPC().config.get.queryOptions({ service: page.name, environment }));
	return (
		<div className="grid grid-cols-[minmax(0,1fr)] gap-6">
			<div className="flex flex-wrap items-center gap-x-4 gap-y-2">
				<Select
					aria-label={t("environment")}
					value={environment}
					onChange={(event) => setFilter("environment", event.target.value)}
				>
					{names.map((name) => (
						<option key={name} value={name}>
							{name}
						</option>
					))}
				</Select>
				{query.data !== undefined && <Versions config={query.data} />}
			</div>
			{query.isError && <Problem query={query} />}
			{query.data === undefined
				? !query.isError && <Skeleton className="h-28" />
				: query.data.environment === environment && (
						<>
							<Undeployed page={page} config={query.data} />
							<Editor key={environment} config={query.data} />
							<History config={query.data} />
						</>
					)}
		</div>
	);
}

function Versions({ config }: { config: ConfigPage }) {
	const t = useTranslations("configuration");
	const { serving, version } = config;
	return (
		<p className="text-soft text-sm">
			{version === 0 ? t("never") : t("version", { version })}{" "}
			{serving !== null &&
				(serving.version === null
					? t("servesWithout", { release: serving.release })
					: t("serves", { release: serving.release, version: serving.version }))}
		</p>
	);
}

/** Saved is not rolled out: that is a word of its own. */
function Undeployed({ page, config }: { page: ServicePage; config: ConfigPage }) {
	const t = useTranslations("configuration");
	const [isOpen, setOpen] = useState(false);
	const release = page.releases.find(({ number }) => number === config.undeployed);
	if (release === undefined || config.serving?.version === config.version) return null;
	const version = page.environments.find((one) => one.environment === config.environment);
	const isBusy = version !== undefined && version.rollout !== null;
	return (
		<>
			<Notice
				tone="waiting"
				title={t("undeployed", { version: config.version, environment: config.environment })}
				actions={
					<Button look="primary" disabled={isBusy} onClick={() => setOpen(true)}>
						{t("deploy")}
					</Button>
				}
			>
				{isBusy ? t("busy") : t("undeployedHint", { release: release.number })}
			</Notice>
			{isOpen && version !== undefined && (
				<DeployDialog service={page.name} release={release} version={version} onClose={() => setOpen(false)} />
			)}
		</>
	);
}
