"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { StatusShape } from "@/components/status";
import { addressOf } from "../../frame/addresses";
import { Said } from "../../i18n/said/said";
import type { Attention } from "./attention";

export function AttentionList({ items }: { items: readonly Attention[] }) {
	const t = useTranslations("home.attention");
	return (
		<ul className="divide-y divide-line rounded-md border border-line">
			{items.map((item) => (
				<li key={`${item.kind} ${JSON.stringify(item.values)}`}>
					<Link href={hrefOf(item.subject)} className="flex items-start gap-3 px-3 py-2.5 hover:bg-raised">
						<StatusShape tone={item.tone} className="mt-1" />
						<span className="min-w-0">
							<span className="font-medium">{t(item.kind, item.values)}</span>
							{item.text !== null && (
								<span className="block text-soft text-sm break-words">
									<Said text={item.text} />
								</span>
							)}
						</span>
					</Link>
				</li>
			))}
		</ul>
	);
}

function hrefOf(subject: Attention["subject"]): string {
	switch (subject.kind) {
		case "service":
			return addressOf.service(subject.service);
		case "rollout":
			return addressOf.rollout(subject);
		case "pipeline":
			return addressOf.pipeline(subject);
		case "host":
			return addressOf.host(subject.host);
		case "platform":
			return "/platform";
	}
}
