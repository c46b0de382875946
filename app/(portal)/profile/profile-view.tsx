"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { Button } from "@/components/button";
import { Section } from "@/components/section";
import { Skeleton } from "@/components/skeleton";
import { PageHead } from "../../frame/page-head";
import { Problem } from "../../frame/problem";
import { signOut } from "../../sign-in/auth-client";
import { useTRPC } from "../../trpc/client";
import { Tokens } from "./tokens";

export function ProfileView() {
	const t = useTranslations("profile");
	const roles = useTranslations("role");
	const me = useQuery(useTRPC().session.me.queryOptions());
	const facts = me.data && [
		[t("name"), me.data.name],
		[t("email"), me.data.email],
		[t("role"), roles(me.data.role)],
		[t("may"), roles(`may.${me.data.role}`)],
		[t("installation"), me.data.installation],
		[t("gateway"), `<service>.${me.data.domain}:${me.data.gatewayPort}`],
	];
	return (
		<div className="max-w-3xl">
			<PageHead title={t("title")} actions={<Button onClick={() => void signOut()}>{t("signOut")}</Button>} />
			{me.isError ? (
				<Problem query={me} />
			) : (
				<Section title={t("about")}>
					<dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-8 gap-y-2">
						{facts === undefined ? (
							<>
								<Skeleton className="w-24" />
								<Skeleton className="w-56" />
							</>
						) : (
							facts.map(([label, value]) => (
								<div key={label} className="contents">
									<dt className="text-faint">{label}</dt>
									<dd className="break-words">{value}</dd>
								</div>
							))
						)}
					</dl>
				</Section>
			)}
			{me.data !== undefined && <Tokens role={me.data.role} />}
		</div>
	);
}
