"use client";

import { ArrowDown, ArrowUp, Plus, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import { Button } from "@/components/button";
import { Input, Select } from "@/components/input";
import { Notice } from "@/components/notice";
import type { CanaryStep } from "@/domain/manifest/model";
import { whyNotSteps } from "@/domain/rollout/plan";
import type { RolloutPage } from "@/server/views";
import { useSaid } from "../../../../../../i18n/said/use-said";
import { useTRPCClient } from "../../../../../../trpc/client";
import { editCommand } from "../../../../../../verbs/command";
import { VerbDialog } from "../../../../../../verbs/verb-dialog";
import { draftsOf, problemOf, type StepDraft, stepsOf } from "./step-draft";

const firstValues: Record<CanaryStep["kind"], string> = { weight: "50", pause: "10m", analysis: "2" };

/** Other weights and pauses before anything moves. Whoever approved before approved something else, and is asked again. */
export function EditSteps({ rollout, onClose }: { rollout: RolloutPage; onClose(): void }) {
	const t = useTranslations("rollout.edit");
	const { rollout: procedures } = useTRPCClient();
	const [drafts, setDrafts] = useState(() => draftsOf(rollout.plan.steps));
	const { service, environment, number, plan, intentHash } = rollout;
	const decided = rollout.decisions.filter((one) => one.intentHash === intentHash).length;
	const said = useSaid();
	const steps = stepsOf(drafts);
	const refusal = steps === null ? null : whyNotSteps(steps, plan.analysis !== null);
	const isChanged = JSON.stringify(steps) !== JSON.stringify(plan.steps);
	const change = (at: number, draft: StepDraft) => setDrafts(drafts.with(at, draft));
	const add = () => {
		const key = Math.max(-1, ...drafts.map((one) => one.key)) + 1;
		setDrafts([...drafts, { key, kind: "weight", value: firstValues.weight }]);
	};
	const swap = (at: number, other: number) => {
		const [one, two] = [drafts[at], drafts[other]];
		if (one && two) setDrafts(drafts.with(at, two).with(other, one));
	};
	return (
		<VerbDialog
			title={t("title", { service, number })}
			description={t("description")}
			act={t("act")}
			look="primary"
			reason="optional"
			isReady={steps !== null && refusal === null && isChanged}
			command={(reason) => (steps === null ? null : editCommand(rollout, steps, reason))}
			run={(reason) => procedures.edit.mutate({ service, environment, number, reason, steps: [...(steps ?? [])] })}
			onClose={onClose}
		>
			<ol aria-label={t("steps")} className="grid gap-1.5">
				{drafts.map((draft, index) => (
					<StepLine
						key={draft.key}
						number={index + 1}
						draft={draft}
						isMeasured={plan.analysis !== null}
						onChange={(next) => change(index, next)}
						onRemove={() => setDrafts(drafts.filter((one) => one !== draft))}
						onUp={index === 0 ? null : () => swap(index, index - 1)}
						onDown={index === drafts.length - 1 ? null : () => swap(index, index + 1)}
					/>
				))}
			</ol>
			{drafts.length === 0 && <p className="text-soft text-sm">{t("none")}</p>}
			<Button size="small" className="justify-self-start" disabled={drafts.length >= 50} onClick={add}>
				<Plus aria-hidden="true" className="size-3.5" />
				{t("add")}
			</Button>
			{refusal !== null && <Notice role="alert" tone="failed" title={said(refusal)} />}
			{decided === 0 ? (
				<p className="text-soft text-sm">{t("void", { count: decided })}</p>
			) : (
				<Notice tone="degraded" title={t("void", { count: decided })} />
			)}
		</VerbDialog>
	);
}

interface StepLineProps {
	number: number;
	draft: StepDraft;
	isMeasured: boolean;
	onChange(draft: StepDraft): void;
	onRemove(): void;
	onUp: (() => void) | null;
	onDown: (() => void) | null;
}

function StepLine({ number, draft, isMeasured, onChange, onRemove, onUp, onDown }: StepLineProps) {
	const t = useTranslations("rollout.edit");
	const id = useId();
	const problem = problemOf(draft);
	const { kind } = draft;
	return (
		<li className="grid gap-0.5">
			<div className="flex items-center gap-1.5">
				<span className="w-5 shrink-0 text-right text-faint text-xs tabular">{number}</span>
				<Select
					aria-label={t("kindOf", { number })}
					value={kind}
					onChange={(event) => {
						const next = event.target.value as CanaryStep["kind"];
						onChange({ ...draft, kind: next, value: firstValues[next] });
					}}
					className="w-36 shrink-0"
				>
					<option value="weight">{t("kind.weight")}</option>
					<option value="pause">{t("kind.pause")}</option>
					{(isMeasured || kind === "analysis") && <option value="analysis">{t("kind.analysis")}</option>}
				</Select>
				<Input
					aria-label={t("valueOf", { number })}
					aria-describedby={`${id}-said`}
					aria-invalid={problem === null ? undefined : true}
					value={draft.value}
					placeholder={kind === "pause" ? t("untilPromoted") : undefined}
					onChange={(event) => onChange({ ...draft, value: event.target.value })}
					className="min-w-0 flex-1"
				/>
				<IconButton label={t("up", { number })} icon={ArrowUp} onClick={onUp} />
				<IconButton label={t("down", { number })} icon={ArrowDown} onClick={onDown} />
				<IconButton label={t("remove", { number })} icon={X} onClick={onRemove} />
			</div>
			<p id={`${id}-said`} className={problem === null ? "sr-only" : "pl-6.5 text-failed text-xs"}>
				{t(`hint.${kind}`)}
			</p>
		</li>
	);
}

function IconButton({ label, icon: Icon, onClick }: { label: string; icon: typeof X; onClick: (() => void) | null }) {
	return (
		<Button
			look="quiet"
			size="icon"
			className="size-7"
			aria-label={label}
			disabled={onClick === null}
			onClick={onClick ?? undefined}
		>
			<Icon aria-hidden="true" className="size-3.5" />
		</Button>
	);
}
