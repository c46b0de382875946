"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Section } from "@/components/section";
import { Cell, Head, HeadRow, Row, Table } from "@/components/table";
import { TimeAgo } from "@/components/time-ago";
import type { VolumeRow } from "@/server/views";
import { useTRPC } from "../../../trpc/client";
import { removeVolumeCommand } from "../../../verbs/command";
import { VerbButton } from "../../../verbs/verb-button";
import { VerbDialog } from "../../../verbs/verb-dialog";

/** The service's data, where it is, and the one act that ends it. Nothing where it has none. */
export function Volumes({ service }: { service: string }) {
	const t = useTranslations("service.volumes");
	const volumes = useQuery(useTRPC().volume.list.queryOptions({ service })).data ?? [];
	const [leaving, setLeaving] = useState<VolumeRow | null>(null);
	if (volumes.length === 0) return null;
	return (
		<Section title={t("title")} aside={t("aside")}>
			<Table label={t("title")}>
				<HeadRow>
					<Head>{t("name")}</Head>
					<Head>{t("environment")}</Head>
					<Head>{t("host")}</Head>
					<Head>{t("heldBy")}</Head>
					<Head>{t("since")}</Head>
					<Head>
						<span className="sr-only">{t("acts")}</span>
					</Head>
				</HeadRow>
				<tbody>
					{volumes.map((volume) => (
						<Row key={volume.id}>
							<Cell className="font-mono" title={volume.id}>
								{volume.name}
							</Cell>
							<Cell>{volume.environment}</Cell>
							<Cell>{volume.host}</Cell>
							<Cell className="font-mono text-xs">{volume.heldBy ?? t("nobody")}</Cell>
							<Cell>
								<TimeAgo at={volume.createdAt} />
							</Cell>
							<Cell className="text-right">
								{volume.removedAt === null ? (
									<VerbButton refusal={volume.refusal} onClick={() => setLeaving(volume)}>
										{t("remove")}
									</VerbButton>
								) : (
									<span className="text-soft">{t("removed", { who: volume.removedBy ?? "" })}</span>
								)}
							</Cell>
						</Row>
					))}
				</tbody>
			</Table>
			{leaving !== null && <RemoveVolume volume={leaving} onClose={() => setLeaving(null)} />}
		</Section>
	);
}

function RemoveVolume({ volume, onClose }: { volume: VolumeRow; onClose(): void }) {
	const t = useTranslations("service.volumes");
	const { service, environment, name, host } = volume;
	const remove = useMutation(useTRPC().volume.remove.mutationOptions());
	return (
		<VerbDialog
			title={t("removeTitle", { name, service, environment })}
			description={t("removeDescription", { host })}
			act={t("removeAct", { name })}
			look="danger"
			reason="none"
			typed={service}
			command={() => removeVolumeCommand({ service, environment }, name)}
			run={() => remove.mutateAsync({ service, environment, name })}
			onClose={onClose}
		/>
	);
}
