"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Field } from "@/components/field";
import { Input } from "@/components/input";
import { Notice } from "@/components/notice";
import { whyNot } from "@/domain/policy/gate";
import { type ServiceVerb, serviceVerbs, whyNotServiceVerb } from "@/domain/service/gate";
import type { RunningVersion } from "@/server/views";
import { addressOf } from "../../../frame/addresses";
import { Refusal } from "../../../frame/problem";
import { useTRPC, useTRPCClient } from "../../../trpc/client";
import { serviceCommand } from "../../../verbs/command";
import { VerbButton } from "../../../verbs/verb-button";
import { VerbDialog } from "../../../verbs/verb-dialog";

interface ServiceVerbsProps {
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
			{asked !== null && <Asked service={service} version={version} verb={asked} onClose={() => setAsked(null)} />}
		</div>
	);
}

const countPattern = /^[1-9]\d{0,3}$/;

function Asked({ service, version, verb, onClose }: ServiceVerbsProps & { verb: ServiceVerb; onClose(): void }) {
	const t = useTranslations("serviceVerbs");
	const say = useServiceVerb({ service, version });
	const [count, setCount] = useState(String(Math.max(1, version.declared)));
	const { environment, declared, confirmation } = version;
	const values = { service, environment, declared };
	const isCount = countPattern.test(count) && Number(count) <= 1_000;
	return (
		<VerbDialog
			title={t(`${verb}.title`, values)}
			description={t(`${verb}.description`, values)}
			act={t(`${verb}.act`, { ...values, count: isCount ? Number(count) : declared })}
			look={verb === "stop" ? "danger" : "primary"}
			reason="none"
			typed={confirmation === "name" ? service : null}
			isReady={verb !== "scale" || (isCount && Number(count) !== declared)}
			command={() => serviceCommand(verb, { service, environment }, isCount ? Number(count) : declared)}
			run={() => say(verb, Number(count))}
			onClose={onClose}
		>
			{verb === "scale" && (
				<Field label={t("count")} hint={t("countHint", { declared })} problem={isCount ? null : t("countProblem")}>
					{(ids) => (
						<Input
							{...ids}
							inputMode="numeric"
							value={count}
							onChange={(event) => setCount(event.target.value)}
							className="w-24"
						/>
					)}
				</Field>
			)}
		</VerbDialog>
	);
}

function useServiceVerb({ service, version }: ServiceVerbsProps): (verb: ServiceVerb, instances: number) => Promise<void> {
	const { service: procedures } = useTRPCClient();
	const router = useRouter();
	const where = { service, environment: version.environment };
	return async (verb, instances) => {
		const started = await (verb === "scale" ? procedures.scale.mutate({ ...where, instances }) : procedures[verb].mutate(where));
		router.push(addressOf.rollout(started));
	};
}
