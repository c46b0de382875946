import { useTranslations } from "next-intl";
import { CommandLine } from "@/components/command-line";
import { Empty } from "@/components/empty";
import type { ServicePage } from "@/server/views";
import { PipelineTable } from "../../../tables/pipeline-table";

export function Pipelines({ page }: { page: ServicePage }) {
	const t = useTranslations("service");
	if (page.pipelines.length > 0) return <PipelineTable rows={page.pipelines} label={t("tabs.pipelines")} />;
	return (
		<Empty title={page.repository === null ? t("noRepository") : t("noPipelines")}>
			{page.cloneUrl !== null && <CommandLine commands={[`git clone ${page.cloneUrl}`]} />}
		</Empty>
	);
}
