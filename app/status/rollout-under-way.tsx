"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { cx } from "@/components/class-names";
import { ShareBar } from "@/components/share-bar";
import type { RolloutRow } from "@/server/views";
import { addressOf } from "../frame/addresses";

/** The way to a rollout that has not ended, and how far it is: its weight, or that it awaits a person's word. */
export function RolloutUnderWay({ rollout, isSmall = false }: { rollout: RolloutRow; isSmall?: boolean }) {
	const t = useTranslations("underWay");
	const { number, to, weight } = rollout;
	const isAwaiting = rollout.state === "awaiting-approval";
	return (
		<Link
			href={addressOf.rollout(rollout)}
			prefetch={false}
			className={cx("grid gap-1 rounded bg-accent-wash hover:underline", isSmall ? "px-2 py-1 text-xs" : "px-2 py-1.5 text-sm")}
		>
			<span>{isAwaiting ? t("awaitsApproval", { number, to }) : t("moves", { number, to, weight })}</span>
			{!isAwaiting && <ShareBar share={weight} label={t("weight", { weight })} className="h-1.5" />}
		</Link>
	);
}
