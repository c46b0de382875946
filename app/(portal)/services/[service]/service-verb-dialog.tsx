import { useTranslations } from "next-intl";
import { useState } from "react";
import { Field } from "@/components/field";
import { Input } from "@/components/input";
import type { ServiceVerb } from "@/domain/service/gate";
import { serviceCommand } from "../../../verbs/command";
import { VerbDialog } from "../../../verbs/verb-dialog";
import type { ServiceVerbsProps } from "./service-verbs";
import { useServiceVerb } from "./use-service-verb";

const countPattern = /^[1-9]\d{0,3}$/;

export function ServiceVerbDialog({
	service,
	version,
	verb,
	onClose,
}: ServiceVerbsProps & { verb: ServiceVerb; onClose(): void }) {
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
