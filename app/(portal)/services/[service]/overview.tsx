import Link from "next/link";
import { useTranslations } from "next-intl";
import { CommandLine } from "@/components/command-line";
import { Empty } from "@/components/empty";
import { Section } from "@/components/section";
import type { ServicePage } from "@/server/views";
import { addressOf } from "../../../frame/addresses";
import { RolloutTable } from "../../../tables/rollout-table";
import { Signals } from "./signals";

export function Overview({ page }: { page: ServicePage }) {
	const t = useTranslations("service");
	return (
		<>
			<Signals page={page} />
			<Section
				title={t("rollouts")}
				aside={
					<Link href={addressOf.rolloutsOf(page.name)} className="text-accent hover:underline">
						{t("allRollouts")}
					</Link>
				}
			>
				{page.rollouts.length === 0 ? (
					<Empty title={t("noRollouts")}>
						<CommandLine commands={["./sluice deploy -f sluice.yaml --image <repository@digest> --env staging"]} />
					</Empty>
				) : (
					<RolloutTable rows={page.rollouts.slice(0, 8)} label={t("rollouts")} />
				)}
			</Section>
			{page.cloneUrl !== null && (
				<Section title={t("clone")}>
					<CommandLine commands={[`git clone ${page.cloneUrl}`]} />
				</Section>
			)}
		</>
	);
}
