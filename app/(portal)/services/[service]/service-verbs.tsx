"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Notice } from "@/components/notice";
import { whyNot } from "@/domain/policy/gate";
import { type ServiceVerb, serviceVerbs, whyNotServiceVerb } from "@/domain/service/gate";
import type { RunningVersion } from "@/server/views";
import { Refusal } from "../../../frame/problem";
import { useTRPC } from "../../../trpc/client";
import { VerbButton } from "../../../verbs/verb-button";
import { useServiceVerb } from "./use-service-verb";

const ServiceVerbDialog = dynamic(() => import("./service-verb-dialog").then((file) => file.ServiceVerbDialog), { ssr: false });

export interface ServiceVerbsProps {
	service: string;
	version: RunningVersion;
}

/** Another count, new instances, or none: each starts a rollout and leads to it. Asks as much as the environment wants. */
export function ServiceVerbs({ service, version }: ServiceVerbsProps) {
	const t = useTranslations("serviceVerbs");
	const me = useQuery(useTRPC().session.me.queryOptions()).data;
	const [asked, setAsked] = useState<ServiceVerb | null>(null);
	const say = useServiceVerb({ service, version });
	const atOnce = useMutation({ mutationFn: (verb: ServiceVerb) => say(verb, version.declared) });
	const { environment, rollout, declared } = version;
	const refusalOf = (verb: ServiceVerb): string | null => {
		if (me === undefined) return t("loading");
		const refusal =
			whyNot(me, `service.${verb}`) ?? whyNotServiceVerb(verb, { service, environment, isDeployed: true, declared });
		return refusal ?? (rollout === null ? null : t("busy", { service, environment, number: rollout.number }));
	};
	const choose = (verb: ServiceVerb) => {
		if (version.confirmation === "none" && verb !== "scale") atOnce.mutate(verb);
		else setAsked(verb);
	};
	return (
		<div className="mt-1 grid gap-2">
			{/* biome-ignore lint/a11y/useSemanticElements: a fieldset is a part of a form, and these are no inputs */}
			<div role="group" aria-label={t("label", { service, environment })} className="flex flex-wrap gap-1.5">
				{serviceVerbs.map((verb) => (
					<VerbButton
						key={verb}
						size="small"
						refusal={refusalOf(verb)}
						disabled={atOnce.isPending || atOnce.isSuccess}
						onClick={() => choose(verb)}
					>
						{atOnce.isPending && atOnce.variables === verb ? t("pending") : t(`${verb}.button`)}
					</VerbButton>
				))}
			</div>
			{atOnce.isError && (
				<Notice role="alert" tone="failed" title={t("refused")}>
					<Refusal error={atOnce.error} />
				</Notice>
			)}
			{asked !== null && <ServiceVerbDialog service={service} version={version} verb={asked} onClose={() => setAsked(null)} />}
		</div>
	);
}
