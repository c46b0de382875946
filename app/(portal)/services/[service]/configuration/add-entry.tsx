"use client";

import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import { Button } from "@/components/button";
import { Field } from "@/components/field";
import { Input, Select } from "@/components/input";
import { isConfigName } from "@/domain/config/rules";
import type { DraftChange } from "./draft";

interface AddEntryProps {
	taken: readonly string[];
	/** Names that the manifest uses. */
	suggested: readonly string[];
	onAdd(name: string, to: DraftChange): void;
}

/** Puts a new name into the draft; its value is written in its line. */
export function AddEntry({ taken, suggested, onAdd }: AddEntryProps) {
	const t = useTranslations("configuration");
	const list = useId();
	const [name, setName] = useState("");
	const [kind, setKind] = useState<"plain" | "secret">("plain");
	const problem = name === "" ? null : taken.includes(name) ? t("taken", { name }) : isConfigName(name) ? null : t("badName");
	return (
		<form
			className="mt-3 flex flex-wrap items-start gap-2"
			onSubmit={(event) => {
				event.preventDefault();
				if (name === "" || problem !== null) return;
				onAdd(name, { kind, value: "" });
				setName("");
			}}
		>
			<Field label={t("newName")} problem={problem}>
				{(ids) => (
					<Input
						{...ids}
						list={list}
						autoComplete="off"
						spellCheck={false}
						className="w-64 font-mono"
						value={name}
						onChange={(event) => setName(event.target.value.trim())}
					/>
				)}
			</Field>
			<datalist id={list}>
				{suggested
					.filter((one) => !taken.includes(one))
					.map((one) => (
						<option key={one} value={one} />
					))}
			</datalist>
			<Field label={t("kind")}>
				{(ids) => (
					<Select {...ids} value={kind} onChange={(event) => setKind(event.target.value === "secret" ? "secret" : "plain")}>
						<option value="plain">{t("kinds.plain")}</option>
						<option value="secret">{t("kinds.secret")}</option>
					</Select>
				)}
			</Field>
			<Button type="submit" className="mt-6" disabled={name === "" || problem !== null}>
				{t("add")}
			</Button>
		</form>
	);
}
