import { useTranslations } from "next-intl";
import { Empty } from "@/components/empty";
import type { ServicePage } from "@/server/views";
import { InstanceTable } from "../../../tables/instance-table";
import { Volumes } from "./volumes";

export function Instances({ page }: { page: ServicePage }) {
	const t = useTranslations("service");
	return (
		<>
			{page.instances.length === 0 ? (
				<Empty title={t("noInstances")} />
			) : (
				<InstanceTable rows={page.instances} label={t("tabs.instances")} />
			)}
			<Volumes service={page.name} />
		</>
	);
}
