"use client";

import { useTranslations } from "next-intl";
import { Field } from "@/components/field";
import { Input, Select, TextArea } from "@/components/input";
import { parseImage } from "@/domain/manifest/image";
import { readPorts, readVariables } from "@/domain/manifest/write-image";
import { isSlug } from "@/domain/names";

/** As typed. */
export interface ImageWords {
	readonly name: string;
	readonly image: string;
	readonly protocol: "tcp" | "http";
	readonly ports: string;
	readonly healthPath: string;
	readonly volumePath: string;
	readonly variables: string;
}

interface FormProps {
	words: ImageWords;
	onChange(words: ImageWords): void;
}

export function ImageForm({ words, onChange }: FormProps) {
	const t = useTranslations("create.image");
	const set = (part: Partial<ImageWords>) => onChange({ ...words, ...part });
	const text = (key: "name" | "image" | "ports" | "healthPath" | "volumePath", problem: string | null) => (
		<Field label={t(key)} hint={t(`${key}Hint`)} problem={problem}>
			{(ids) => (
				<Input
					{...ids}
					value={words[key]}
					onChange={(event) => set({ [key]: key === "ports" ? event.target.value : event.target.value.trim() })}
					autoComplete="off"
					spellCheck={false}
					className="max-w-md font-mono"
				/>
			)}
		</Field>
	);
	const problem = (key: "name" | "image" | "ports" | "variables", isRight: boolean) =>
		words[key] === "" || isRight ? null : t(`${key}Problem`);
	return (
		<div className="grid gap-4">
			{text("name", problem("name", isSlug(words.name)))}
			{text("image", problem("image", parseImage(words.image) !== null))}
			<Field label={t("protocol")} hint={t("protocolHint")}>
				{(ids) => (
					<Select
						{...ids}
						value={words.protocol}
						onChange={(event) => set({ protocol: event.target.value === "http" ? "http" : "tcp" })}
						className="max-w-md"
					>
						<option value="tcp">{t("tcp")}</option>
						<option value="http">{t("http")}</option>
					</Select>
				)}
			</Field>
			{text("ports", problem("ports", readPorts(words.ports) !== null))}
			{words.protocol === "http" && text("healthPath", null)}
			{text("volumePath", null)}
			<Field
				label={t("variables")}
				hint={t("variablesHint")}
				problem={problem("variables", readVariables(words.variables) !== null)}
			>
				{(ids) => (
					<TextArea
						{...ids}
						value={words.variables}
						onChange={(event) => set({ variables: event.target.value })}
						rows={4}
						spellCheck={false}
						wrap="off"
						className="font-mono text-xs leading-5"
					/>
				)}
			</Field>
		</div>
	);
}
