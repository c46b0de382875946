"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Field } from "@/components/field";
import { Input, Select } from "@/components/input";
import { isTimeZone } from "@/domain/freeze/wall-clock";
import { parseWeekly, weekdays } from "@/domain/freeze/weekly";
import { ServiceNameInput } from "../../frame/name-inputs";
import { useTRPCClient } from "../../trpc/client";
import { freezeCommand } from "../../verbs/command";
import { VerbDialog } from "../../verbs/verb-dialog";
import { draftOf, type FreezeDraft, wordsOf } from "./freeze-draft";

interface FreezeFormProps {
	environments: readonly string[];
	onClose(): void;
}

/** Where, when (once or every week, by which clock) and why. */
export function FreezeForm({ environments, onClose }: FreezeFormProps) {
	const t = useTranslations("freezes.form");
	const { freeze } = useTRPCClient();
	const [draft, setDraft] = useState(() =>
		draftOf(environments.at(-1) ?? "", Intl.DateTimeFormat().resolvedOptions().timeZone, new Date()),
	);
	const set = (change: Partial<FreezeDraft>) => setDraft({ ...draft, ...change });
	const words = wordsOf(draft);
	const isZone = isTimeZone(draft.zone);
	const isReady =
		isZone && draft.environment !== "" && (words.weekly === "" ? draft.until !== "" : parseWeekly(words.weekly) !== null);
	return (
		<VerbDialog
			title={t("title")}
			description={t("description")}
			act={t("act", { environment: draft.environment })}
			look="primary"
			reason="required"
			isReady={isReady}
			command={(reason) => freezeCommand(words, reason)}
			run={(reason) => {
				const { service, from, until, weekly, environment, zone } = words;
				const time = weekly === "" ? { until, ...(from === "" ? {} : { from }) } : { weekly };
				return freeze.create.mutate({ environment, zone, reason, service: service === "" ? null : service, ...time });
			}}
			onClose={onClose}
		>
			<div className="grid gap-3 sm:grid-cols-2">
				<Field label={t("environment")}>
					{(ids) => (
						<Select {...ids} value={draft.environment} onChange={(event) => set({ environment: event.target.value })}>
							{environments.map((name) => (
								<option key={name} value={name}>
									{name}
								</option>
							))}
						</Select>
					)}
				</Field>
				<Field label={t("service")} hint={t("serviceHint")}>
					{(ids) => <ServiceNameInput {...ids} value={draft.service} onValue={(service) => set({ service })} />}
				</Field>
				<Field label={t("often")}>
					{(ids) => (
						<Select
							{...ids}
							value={draft.kind}
							onChange={(event) => set({ kind: event.target.value === "weekly" ? "weekly" : "once" })}
						>
							<option value="once">{t("once")}</option>
							<option value="weekly">{t("weekly")}</option>
						</Select>
					)}
				</Field>
				<Field label={t("zone")} problem={isZone ? null : t("zoneProblem", { zone: draft.zone })}>
					{(ids) => (
						<Input
							{...ids}
							spellCheck={false}
							value={draft.zone}
							onChange={(event) => set({ zone: event.target.value.trim() })}
						/>
					)}
				</Field>
				{draft.kind === "once" ? <Once draft={draft} set={set} /> : <Weekly draft={draft} set={set} />}
			</div>
		</VerbDialog>
	);
}

interface PartProps {
	draft: FreezeDraft;
	set(change: Partial<FreezeDraft>): void;
}

function Once({ draft, set }: PartProps) {
	const t = useTranslations("freezes.form");
	return (
		<>
			<Field label={t("from")} hint={t("fromHint")}>
				{(ids) => (
					<Input {...ids} type="datetime-local" value={draft.from} onChange={(event) => set({ from: event.target.value })} />
				)}
			</Field>
			<Field label={t("until")}>
				{(ids) => (
					<Input {...ids} type="datetime-local" value={draft.until} onChange={(event) => set({ until: event.target.value })} />
				)}
			</Field>
		</>
	);
}

function Weekly({ draft, set }: PartProps) {
	const t = useTranslations("freezes.form");
	return (
		<>
			<Field label={t("startDay")}>
				{(ids) => <Day ids={ids} value={draft.startDay} onDay={(startDay) => set({ startDay })} />}
			</Field>
			<Field label={t("startTime")}>
				{(ids) => (
					<Input {...ids} type="time" value={draft.startTime} onChange={(event) => set({ startTime: event.target.value })} />
				)}
			</Field>
			<Field label={t("endDay")}>{(ids) => <Day ids={ids} value={draft.endDay} onDay={(endDay) => set({ endDay })} />}</Field>
			<Field label={t("endTime")}>
				{(ids) => <Input {...ids} type="time" value={draft.endTime} onChange={(event) => set({ endTime: event.target.value })} />}
			</Field>
		</>
	);
}

function Day({
	ids,
	value,
	onDay,
}: {
	ids: { id: string };
	value: FreezeDraft["startDay"];
	onDay(day: FreezeDraft["startDay"]): void;
}) {
	const t = useTranslations("freezes.days");
	return (
		<Select {...ids} value={value} onChange={(event) => onDay(weekdays.find((day) => day === event.target.value) ?? value)}>
			{weekdays.map((day) => (
				<option key={day} value={day}>
					{t(day)}
				</option>
			))}
		</Select>
	);
}
