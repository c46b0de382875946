"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { Section } from "@/components/section";
import { SkeletonRows } from "@/components/skeleton";
import { Head, HeadRow, Table } from "@/components/table";
import { PageHead } from "../../../frame/page-head";
import { Problem } from "../../../frame/problem";
import { useTRPC } from "../../../trpc/client";
import { Invitations } from "./invitations";
import { InvitePerson } from "./invite-person";
import { UserLine } from "./user-line";

/** Who may come in, and as what. */
export function UsersView() {
	const t = useTranslations("users");
	const trpc = useTRPC();
	const all = useQuery(trpc.user.list.queryOptions());
	const me = useQuery(trpc.session.me.queryOptions());
	return (
		<>
			<PageHead title={t("title")} facts={t("intro")} />
			{all.isError ? (
				<Problem query={all} />
			) : (
				<div className="grid grid-cols-[minmax(0,1fr)] gap-8">
					<Section title={t("people")}>
						<Table label={t("people")}>
							<HeadRow>
								<Head>{t("person")}</Head>
								<Head>{t("role")}</Head>
								<Head>{t("seen")}</Head>
								<Head>{t("tokens")}</Head>
								<Head className="text-right">{t("acts")}</Head>
							</HeadRow>
							<tbody>
								{all.data === undefined ? (
									<SkeletonRows columns={5} />
								) : (
									all.data.users.map((user) => <UserLine key={user.id} user={user} isMe={user.email === me.data?.email} />)
								)}
							</tbody>
						</Table>
					</Section>
					<Section title={t("invite")}>
						<InvitePerson />
					</Section>
					{all.data !== undefined && all.data.invitations.length > 0 && <Invitations rows={all.data.invitations} />}
				</div>
			)}
		</>
	);
}
