"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { Button } from "@/components/button";
import { Section } from "@/components/section";
import { Status, type Tone } from "@/components/status";
import { Cell, Head, HeadRow, Row, Table } from "@/components/table";
import { TimeAgo } from "@/components/time-ago";
import type { InvitationRow } from "@/server/views";
import { useTRPC } from "../../../trpc/client";

const tones: Record<InvitationRow["state"], Tone> = {
	open: "waiting",
	used: "healthy",
	revoked: "stopped",
	expired: "stopped",
};

export function Invitations({ rows }: { rows: readonly InvitationRow[] }) {
	const t = useTranslations("users");
	const roleName = useTranslations("role");
	const client = useQueryClient();
	const takeBack = useMutation(
		useTRPC().user.revokeInvitation.mutationOptions({ onSettled: () => void client.invalidateQueries() }),
	);
	return (
		<Section title={t("invitations")}>
			<Table label={t("invitations")}>
				<HeadRow>
					<Head>{t("email")}</Head>
					<Head>{t("role")}</Head>
					<Head>{t("state")}</Head>
					<Head>{t("invitedBy")}</Head>
					<Head className="text-right">{t("acts")}</Head>
				</HeadRow>
				<tbody>
					{rows.map((row) => (
						<Row key={row.id}>
							<Cell>{row.email}</Cell>
							<Cell>{roleName(row.role)}</Cell>
							<Cell>
								<Status tone={tones[row.state]} label={t(`invitationState.${row.state}`)} />
							</Cell>
							<Cell className="whitespace-nowrap">
								{row.createdBy} <TimeAgo at={row.createdAt} className="text-faint" />
							</Cell>
							<Cell className="text-right">
								{row.state === "open" && (
									<Button size="small" disabled={takeBack.isPending} onClick={() => takeBack.mutate({ id: row.id })}>
										{t("takeBack")}
									</Button>
								)}
							</Cell>
						</Row>
					))}
				</tbody>
			</Table>
		</Section>
	);
}
