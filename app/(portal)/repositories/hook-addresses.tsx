"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { CopyButton } from "@/components/copy-button";
import { whyNot } from "@/domain/policy/gate";
import { useTRPC } from "../../trpc/client";

/** Where pushes to a repository elsewhere come in for this one; nothing for who may not know, and where there is none. */
export function HookAddresses({ repository }: { repository: string }) {
	const t = useTranslations("webhooks.inbound");
	const trpc = useTRPC();
	const me = useQuery(trpc.session.me.queryOptions());
	const mayKnow = me.data !== undefined && whyNot(me.data, "hook.list") === null;
	const all = useQuery({ ...trpc.hook.list.queryOptions(), enabled: mayKnow });
	const hooks = all.data?.hooks.filter((hook) => hook.repository === repository) ?? [];
	return hooks.map(({ id, kind, address }) => (
		<span key={id} className="mt-1 flex items-center gap-1 text-faint text-xs">
			{t("comesIn", { kind })}
			<code className="font-mono whitespace-nowrap">{address}</code>
			<CopyButton bare text={address} label={t("copyAddress", { name: repository })} />
		</span>
	));
}
