"use client";

import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/button";
import { Field } from "@/components/field";
import { Input, Select } from "@/components/input";
import { Status } from "@/components/status";
import type { Question } from "@/domain/import/model";
import { useSaid } from "../../i18n/said/use-said";

interface QuestionsProps {
	questions: readonly Question[];
	onAnswer(key: string, value: string): void;
}

/** Answered ones stay where they are: what a person types in must not move. */
export function ImportQuestions({ questions, onAnswer }: QuestionsProps) {
	const t = useTranslations("create.import");
	if (questions.length === 0) return <p className="text-soft text-sm">{t("noQuestions")}</p>;
	return (
		<ul className="grid gap-5">
			{questions.map((question) => (
				<li key={`${question.key} ${question.proposed}`}>
					<Asked question={question} onAnswer={(value) => onAnswer(question.key, value)} />
				</li>
			))}
		</ul>
	);
}

function Asked({ question, onAnswer }: { question: Question; onAnswer(value: string): void }) {
	const t = useTranslations("create.import");
	const [value, setValue] = useState(question.proposed);
	const label = useLabel(question.key);
	const said = useSaid();
	const submit = (event: FormEvent) => {
		event.preventDefault();
		onAnswer(value.trim());
	};
	return (
		<form onSubmit={submit} className="max-w-3xl">
			<Field label={label} hint={said(question.sentence)}>
				{(ids) => (
					<div className="flex flex-wrap items-center gap-2">
						{question.choices === null ? (
							<Input
								{...ids}
								value={value}
								onChange={(event) => setValue(event.target.value)}
								autoComplete="off"
								spellCheck={false}
								className="max-w-sm"
							/>
						) : (
							<Select
								{...ids}
								value={value}
								disabled={question.choices.length === 0}
								onChange={(event) => setValue(event.target.value)}
							>
								{question.choices.map((choice) => (
									<option key={choice}>{choice}</option>
								))}
							</Select>
						)}
						<Button type="submit" size="small" disabled={question.choices?.length === 0}>
							{t("use")}
						</Button>
						{!question.isOpen && <Status tone="healthy" label={t("answered")} />}
					</div>
				)}
			</Field>
		</form>
	);
}

function useLabel(key: string): string {
	const t = useTranslations("create.import.question");
	const port = /^protocol\.(\d+)$/.exec(key)?.[1];
	if (port !== undefined) return t("protocol", { port });
	switch (key) {
		case "name":
		case "owner":
		case "description":
		case "dockerfile":
		case "workload":
		case "port":
		case "healthPath":
		case "strategy":
		case "baseImages":
			return t(key);
		default:
			return key;
	}
}
