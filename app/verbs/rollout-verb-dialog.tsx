"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import type { ApprovalRow, RolloutPage } from "@/server/views";
import { addressOf } from "../frame/addresses";
import { useTRPCClient } from "../trpc/client";
import { rolloutCommand, type SpokenVerb } from "./command";
import { VerbDialog } from "./verb-dialog";

/** What a verb is said on; also a row of the inbox. */
export type VerbSubject = Pick<
	RolloutPage | ApprovalRow,
	"service" | "environment" | "number" | "state" | "from" | "to" | "intentHash" | "confirmation"
>;

/** As the procedures ask for it (server/routers/rollout.ts). */
const reasons: Record<SpokenVerb, "required" | "optional"> = {
	approve: "optional",
	reject: "required",
	promote: "optional",
	"promote-full": "optional",
	pause: "required",
	resume: "optional",
	abort: "required",
	retry: "optional",
	rollback: "required",
};

/** What they do cannot be taken back by the next click. */
const dangerous: readonly SpokenVerb[] = ["reject", "promote-full", "abort", "rollback"];

/** One dialog for every word a person may say on a rollout. After `retry` and `rollback` the new rollout is shown. */
export function RolloutVerbDialog({ rollout, verb, onClose }: { rollout: VerbSubject; verb: SpokenVerb; onClose(): void }) {
	const t = useTranslations("rolloutVerbs");
	const run = useRolloutVerb(rollout, verb);
	const { service, environment, number, from, to, state } = rollout;
	const values = { service, environment, number, from: from ?? 0, to };
	const isDangerous = dangerous.includes(verb);
	return (
		<VerbDialog
			title={t(`${verb}.title`, values)}
			description={verb === "abort" ? t(`abort.${abortKind(state, from)}`, values) : t(`${verb}.description`, values)}
			act={t(`${verb}.act`, values)}
			look={isDangerous ? "danger" : "primary"}
			reason={reasons[verb]}
			typed={isDangerous && rollout.confirmation === "name" ? service : null}
			command={(reason) => rolloutCommand(verb, rollout, reason)}
			run={run}
			onClose={onClose}
		/>
	);
}

function abortKind(state: VerbSubject["state"], from: number | null): "unmoved" | "withdraw" | "return" {
	if (state === "awaiting-approval" || state === "queued") return "unmoved";
	return from === null ? "withdraw" : "return";
}

function useRolloutVerb(rollout: VerbSubject, verb: SpokenVerb): (reason: string) => Promise<unknown> {
	const { rollout: procedures } = useTRPCClient();
	const router = useRouter();
	const { service, environment, number, intentHash } = rollout;
	return async (reason) => {
		const said = { service, environment, number, reason };
		switch (verb) {
			case "promote":
			case "promote-full":
				return procedures.promote.mutate({ ...said, full: verb === "promote-full" });
			case "approve":
			case "reject":
				return procedures[verb].mutate({ ...said, intentHash });
			case "pause":
			case "resume":
			case "abort":
				return procedures[verb].mutate(said);
			case "retry":
			case "rollback":
				return router.push(addressOf.rollout(await procedures[verb].mutate(said)));
		}
	};
}
