"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { Button } from "@/components/button";
import { Section } from "@/components/section";
import { Cell, Head, HeadRow, Row, Table } from "@/components/table";
import { TimeAgo, useAbsoluteTime } from "@/components/time-ago";
import type { TokenLimits } from "@/domain/policy/scope";
import type { Role } from "@/domain/roles";
import type { TokenRow } from "@/server/views";
import { Problem } from "../../frame/problem";
import { useTRPC } from "../../trpc/client";
import { NewToken } from "./new-token";

/** One's own API tokens: for git, the CLI and programs. */
export function Tokens({ role }: { role: Role }) {
	const t = useTranslations("tokens");
	const tokens = useQuery(useTRPC().token.list.queryOptions());
	return (
		<Section title={t("title")} className="mt-8">
			<p className="mb-3 text-soft text-sm">{t("intro")}</p>
			{tokens.isError && <Problem query={tokens} />}
			{tokens.data !== undefined && tokens.data.length > 0 && (
				<Table label={t("title")}>
					<HeadRow>
						<Head>{t("name")}</Head>
						<Head>{t("role")}</Head>
						<Head>{t("used")}</Head>
						<Head>{t("expires")}</Head>
						<Head className="text-right">{t("acts")}</Head>
					</HeadRow>
					<tbody>
						{tokens.data.map((token) => (
							<TokenLine key={token.id} token={token} role={role} />
						))}
					</tbody>
				</Table>
			)}
			<div className="mt-4">
				<NewToken role={role} />
			</div>
		</Section>
	);
}

function TokenLine({ token, role }: { token: TokenRow; role: Role }) {
	const t = useTranslations("tokens");
	const roleName = useTranslations("role");
	const absolute = useAbsoluteTime();
	const client = useQueryClient();
	const revoke = useMutation(useTRPC().token.revoke.mutationOptions({ onSettled: () => void client.invalidateQueries() }));
	return (
		<Row>
			<Cell>
				<p className="font-medium">{token.name}</p>
				<p className="font-mono text-faint text-xs">{`${token.start}…`}</p>
			</Cell>
			<Cell>
				<p>{roleName(token.role ?? role)}</p>
				<LimitWords limits={token.limits} />
			</Cell>
			<Cell className="whitespace-nowrap">
				{token.usedAt === null ? <span className="text-faint">{t("neverUsed")}</span> : <TimeAgo at={token.usedAt} />}
			</Cell>
			<Cell className="whitespace-nowrap">{token.expiresAt === null ? t("never") : absolute(token.expiresAt, "date")}</Cell>
			<Cell className="text-right">
				<Button size="small" disabled={revoke.isPending} onClick={() => revoke.mutate({ id: token.id })}>
					{t("revoke", { name: token.name })}
				</Button>
			</Cell>
		</Row>
	);
}

/** What a token is narrowed to; nothing when it is not. */
function LimitWords({ limits: { scopes, services, environments } }: { limits: TokenLimits }) {
	const t = useTranslations("tokens");
	const words = [
		scopes && t("onlyScopes", { scopes: scopes.map((scope) => t(`scope.${scope}`)).join(", ") }),
		services && t("onlyServices", { services: services.join(", ") }),
		environments && t("onlyEnvironments", { environments: environments.join(", ") }),
	].filter((word) => word !== null);
	return words.map((word) => (
		<p key={word} className="text-faint text-xs">
			{word}
		</p>
	));
}
