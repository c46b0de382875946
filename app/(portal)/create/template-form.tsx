"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { Button, buttonStyle } from "@/components/button";
import { Field } from "@/components/field";
import { Input, Select } from "@/components/input";
import type { FormField, TemplateValues } from "@/domain/template/model";
import { checkValues } from "@/domain/template/values";
import type { TemplateRow } from "@/server/views";
import { useSaid } from "../../i18n/said/use-said";
import { useTRPC } from "../../trpc/client";

interface TemplateFormProps {
	template: TemplateRow;
	values: TemplateValues;
	onChange(values: TemplateValues): void;
	onDone(): void;
}

/** Says what is wrong with a field once it was touched, while it is typed; with the same rules as the server. */
export function TemplateForm({ template, values, onChange, onDone }: TemplateFormProps) {
	const t = useTranslations("create");
	const said = useSaid();
	const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
	const taken = useTaken(String(values.name ?? ""));
	const problems = checkValues(template.fields, values);
	const problemOf = (key: string): string | null => {
		if (key === "name" && taken) return t("nameProblem.taken", { name: String(values.name) });
		if (!touched.has(key)) return null;
		return said(problems.find((problem) => problem.key === key)?.message ?? "") || null;
	};
	const submit = (event: FormEvent) => {
		event.preventDefault();
		setTouched(new Set(template.fields.map(({ key }) => key)));
		if (problems.length === 0 && !taken) onDone();
	};
	return (
		<form onSubmit={submit} noValidate className="grid max-w-xl gap-4">
			{template.fields.map((field) => (
				<FieldInput
					key={field.key}
					field={field}
					value={values[field.key]}
					problem={problemOf(field.key)}
					onChange={(value) => {
						setTouched(new Set([...touched, field.key]));
						onChange({ ...values, [field.key]: value });
					}}
				/>
			))}
			<div className="flex flex-wrap gap-2">
				<Button type="submit" look="primary">
					{t("form.next")}
				</Button>
				<Link href="/create" className={buttonStyle({ look: "plain" })}>
					{t("form.back")}
				</Link>
			</div>
		</form>
	);
}

interface FieldInputProps {
	field: FormField;
	value: string | number | undefined;
	problem: string | null;
	onChange(value: string | number): void;
}

function FieldInput({ field, value, problem, onChange }: FieldInputProps) {
	const t = useTranslations("create");
	const said = useSaid();
	const hint = [said(field.hint), field.isRequired || field.type === "integer" ? "" : t("form.optional")]
		.filter(Boolean)
		.join(" ");
	return (
		<Field label={said(field.title)} problem={problem} {...(hint === "" ? {} : { hint })}>
			{(ids) => {
				if (field.type === "integer") {
					return (
						<Input
							{...ids}
							type="number"
							inputMode="numeric"
							min={field.minimum}
							max={field.maximum}
							className="max-w-32"
							value={Number.isNaN(value) ? "" : (value ?? "")}
							onChange={(event) => onChange(event.target.value === "" ? "" : event.target.valueAsNumber)}
						/>
					);
				}
				if (field.choices !== null) {
					return (
						<Select {...ids} value={value ?? ""} onChange={(event) => onChange(event.target.value)}>
							{field.choices.map((choice) => (
								<option key={choice}>{choice}</option>
							))}
						</Select>
					);
				}
				const isName = field.key === "name";
				return (
					<Input
						{...ids}
						autoComplete="off"
						spellCheck={!isName}
						className={isName ? "max-w-sm font-mono" : undefined}
						value={value ?? ""}
						onChange={(event) => onChange(isName ? event.target.value.trim() : event.target.value)}
					/>
				);
			}}
		</Field>
	);
}

/** A repository or service of this name is there already; the server asks once more before it makes anything. */
function useTaken(name: string): boolean {
	const trpc = useTRPC();
	const asked = { search: name, limit: 200 };
	const enabled = name !== "";
	const repositories = useQuery(trpc.repository.list.queryOptions(asked, { enabled })).data ?? [];
	const services = useQuery(trpc.service.list.queryOptions(asked, { enabled })).data ?? [];
	return [...repositories, ...services].some((one) => one.name === name);
}
