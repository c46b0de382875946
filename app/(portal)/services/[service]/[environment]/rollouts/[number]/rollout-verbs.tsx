"use client";

import { ChevronDown, MoreHorizontal } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/button";
import { Menu, MenuItem, MenuLabel } from "@/components/menu";
import { rolloutVerbs } from "@/domain/rollout/gate";
import { endedStates } from "@/domain/rollout/model";
import type { RolloutPage } from "@/server/views";
import { addressOf } from "../../../../../../frame/addresses";
import { useSaid } from "../../../../../../i18n/said/use-said";
import type { SpokenVerb } from "../../../../../../verbs/command";
import { RolloutVerbDialog } from "../../../../../../verbs/rollout-verb-dialog";
import { VerbButton } from "../../../../../../verbs/verb-button";

const spoken = rolloutVerbs.filter((verb) => verb !== "edit");
/** A button of its own; the other way to promote is in its menu. */
type ShownVerb = Exclude<SpokenVerb, "promote-full">;

/** What a person may say on a rollout now; what is refused says why, on itself and in the menu of all verbs. */
export function RolloutVerbs({ rollout }: { rollout: RolloutPage }) {
	const [chosen, setChosen] = useState<SpokenVerb | null>(null);
	return (
		<>
			{shownVerbs(rollout).map((verb) =>
				verb === "promote" ? (
					<Promote key={verb} rollout={rollout} onChoose={setChosen} />
				) : (
					<Verb key={verb} rollout={rollout} verb={verb} onChoose={setChosen} />
				),
			)}
			<AllVerbs rollout={rollout} onChoose={setChosen} />
			{chosen !== null && <RolloutVerbDialog rollout={rollout} verb={chosen} onClose={() => setChosen(null)} />}
		</>
	);
}

/** Those that its state is about; all others are in the menu. */
function shownVerbs({ state, paused }: RolloutPage): readonly ShownVerb[] {
	if (endedStates.includes(state)) return state === "promoted" ? ["rollback"] : ["retry"];
	if (state === "awaiting-approval") return ["approve", "reject", "abort"];
	if (state === "running") return [paused === null ? "pause" : "resume", "promote", "abort"];
	return ["abort"];
}

interface VerbProps {
	rollout: RolloutPage;
	onChoose(verb: SpokenVerb): void;
}

const looks: Partial<Record<SpokenVerb, "primary" | "danger">> = { approve: "primary", abort: "danger", resume: "primary" };

function Verb({ rollout, verb, onChoose }: VerbProps & { verb: Exclude<ShownVerb, "promote"> }) {
	const t = useTranslations("rolloutVerbs");
	return (
		<VerbButton refusal={rollout.verbs[verb]} look={looks[verb]} onClick={() => onChoose(verb)}>
			{t(`${verb}.button`)}
		</VerbButton>
	);
}

/** To the next step, or past all of them. */
function Promote({ rollout, onChoose }: VerbProps) {
	const t = useTranslations("rolloutVerbs");
	const refusal = rollout.verbs.promote ?? null;
	const label = (
		<>
			{t("promote.button")}
			<ChevronDown aria-hidden="true" className="size-3.5" />
		</>
	);
	if (refusal !== null && rollout.verbs["promote-full"] !== null) return <VerbButton refusal={refusal}>{label}</VerbButton>;
	return (
		<Menu align="end" trigger={<Button>{label}</Button>}>
			{(["promote", "promote-full"] as const).map((verb) => (
				<MenuItem key={verb} disabled={rollout.verbs[verb] !== null} onSelect={() => onChoose(verb)}>
					{t(`${verb}.choice`)}
				</MenuItem>
			))}
		</Menu>
	);
}

function AllVerbs({ rollout, onChoose }: VerbProps) {
	const t = useTranslations("rolloutVerbs");
	const router = useRouter();
	const said = useSaid();
	return (
		<Menu
			tall
			align="end"
			trigger={
				<Button size="icon" aria-label={t("all")}>
					<MoreHorizontal aria-hidden="true" className="size-4" />
				</Button>
			}
		>
			<MenuLabel>{t("all")}</MenuLabel>
			{spoken.map((verb) => (
				<MenuItem
					key={verb}
					disabled={rollout.verbs[verb] !== null}
					onSelect={() => onChoose(verb)}
					className="grid w-72 max-w-[calc(100vw-2rem)] gap-0"
				>
					<span>{t(`${verb}.choice`)}</span>
					{rollout.verbs[verb] !== null && <span className="text-faint text-xs">{said(rollout.verbs[verb] ?? "")}</span>}
				</MenuItem>
			))}
			<MenuItem onSelect={() => router.push(addressOf.releasesOf(rollout.service))}>{t("otherRelease")}</MenuItem>
		</Menu>
	);
}
