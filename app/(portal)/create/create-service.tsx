"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Notice } from "@/components/notice";
import { Skeleton } from "@/components/skeleton";
import type { TemplateValues } from "@/domain/template/model";
import { defaultValues } from "@/domain/template/values";
import type { TemplateRow } from "@/server/views";
import { PageHead } from "../../frame/page-head";
import { Problem } from "../../frame/problem";
import { useSaid } from "../../i18n/said/use-said";
import { useTRPC } from "../../trpc/client";
import { Review } from "./review";
import { Steps } from "./steps";
import { TemplateForm } from "./template-form";

/** Second and third screen: the form, and what it would make. Going back keeps what was typed. */
export function CreateService({ name }: { name: string }) {
	const t = useTranslations("create");
	const trpc = useTRPC();
	const templates = useQuery(trpc.template.list.queryOptions());
	const me = useQuery(trpc.session.me.queryOptions());
	if (templates.isError) return <Problem query={templates} />;
	if (templates.data === undefined || me.isPending) return <Skeleton className="h-96 max-w-2xl" />;
	const template = templates.data.find((one) => one.name === name);
	if (template === undefined) return <Notice tone="unknown" title={t("form.noTemplate", { name })} />;
	return <Screens template={template} owner={me.data?.name ?? ""} />;
}

function Screens({ template, owner }: { template: TemplateRow; owner: string }) {
	const t = useTranslations("create");
	const said = useSaid();
	const [values, setValues] = useState<TemplateValues>(() => ({ owner, ...defaultValues(template.fields) }));
	const [isReviewing, setReviewing] = useState(false);
	return (
		<>
			<PageHead
				title={isReviewing ? t("review.title", { name: String(values.name) }) : t("form.title", { title: said(template.title) })}
				facts={isReviewing ? t("review.intro") : t("form.intro")}
			/>
			<Steps current={isReviewing ? "review" : "form"} />
			{isReviewing ? (
				<Review template={template} values={values} onBack={() => setReviewing(false)} />
			) : (
				<TemplateForm template={template} values={values} onChange={setValues} onDone={() => setReviewing(true)} />
			)}
		</>
	);
}
