"use client";

import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Notice } from "@/components/notice";
import { useAbsoluteTime } from "@/components/time-ago";
import type { AuditVerification } from "@/server/views";
import { messageOf } from "../../frame/problem";
import { Said } from "../../i18n/said/said";
import { useTRPCClient } from "../../trpc/client";

export interface Verification {
	readonly isRunning: boolean;
	readonly error: unknown;
	/** As far as it is. */
	readonly parts: readonly AuditVerification[];
	start(): void;
}

/** Asks for one part after the other, so that a long trail shows how far it is. */
export function useVerification(): Verification {
	const client = useTRPCClient();
	const [parts, setParts] = useState<readonly AuditVerification[]>([]);
	const run = useMutation({
		async mutationFn() {
			const found: AuditVerification[] = [];
			setParts([]);
			for (let after: string | null | undefined; after !== null; after = found.at(-1)?.next ?? null) {
				found.push(await client.audit.verify.query(after === undefined ? {} : { after }));
				setParts([...found]);
			}
		},
	});
	return { isRunning: run.isPending, error: run.error, parts, start: () => run.mutate() };
}

/** What a verification found, and what it was compared with; while it runs, how far it is. */
export function VerificationOutcome({ verification }: { verification: Verification }) {
	const t = useTranslations("audit.verification");
	const { isRunning, error, parts } = verification;
	const last = parts.at(-1);
	if (error !== null) {
		return (
			<Notice role="alert" tone="unknown" title={t("notDone")} className="mb-4">
				<Said text={messageOf(error)} />
			</Notice>
		);
	}
	if (isRunning) {
		const progress = last === undefined ? t("running") : t("progress", { row: last.to, head: last.head });
		return <Notice role="status" tone="progressing" title={progress} className="mb-4" />;
	}
	return last === undefined ? null : <Outcome parts={parts} last={last} />;
}

function Outcome({ parts, last }: { parts: readonly AuditVerification[]; last: AuditVerification }) {
	const t = useTranslations("audit.verification");
	const absolute = useAbsoluteTime();
	const sum = (of: "rows" | "older" | "checkpoints") => parts.reduce((total, part) => total + part[of], 0);
	const { problem, newestCheckpoint } = last;
	const from = parts[0]?.fromAt;
	const to = parts.findLast(({ toAt }) => toAt !== null)?.toAt;
	const facts = problem && {
		entry: problem.entry,
		until: problem.until,
		at: problem.at ? absolute(problem.at) : t("unknownTime"),
	};
	return (
		<Notice
			role={problem ? "alert" : "status"}
			tone={problem ? "failed" : "healthy"}
			title={problem ? t("broken") : t("whole", { rows: sum("rows") })}
			className="mb-4"
		>
			{problem && facts && <p>{t(`problem.${problem.kind}`, facts)}</p>}
			{problem && <p>{t("wholeBefore", { rows: sum("rows") })}</p>}
			{from && to && <p>{t("span", { from: parts[0]?.from ?? "", fromAt: absolute(from), to: last.to, toAt: absolute(to) })}</p>}
			{sum("older") > 0 && <p>{t("older", { rows: sum("older") })}</p>}
			<p>
				{newestCheckpoint
					? t("against", { checkpoints: sum("checkpoints"), entry: newestCheckpoint.entry, at: absolute(newestCheckpoint.at) })
					: t("noCheckpoint")}
			</p>
		</Notice>
	);
}
