"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/button";
import { TextArea } from "@/components/input";
import { Notice } from "@/components/notice";
import { Section } from "@/components/section";
import { Cell, Head, HeadRow, Row, Table } from "@/components/table";
import { TimeAgo } from "@/components/time-ago";
import type { ConfigPage } from "@/server/views";
import { Said } from "../../../../i18n/said/said";
import { AddEntry } from "./add-entry";
import { type Draft, type DraftChange, type DraftLine, linesOf, withChange } from "./draft";
import { SaveDialog } from "./save-dialog";

/** The entries, changed in place; nothing is sent before the changes were seen together. */
export function Editor({ config }: { config: ConfigPage }) {
	const t = useTranslations("configuration");
	const [draft, setDraft] = useState<Draft>({});
	const [isSaving, setSaving] = useState(false);
	const [reason, setReason] = useState<string | null>(null);
	const change = (name: string, to: DraftChange | null) => setDraft(withChange(config.entries, draft, name, to));
	const lines = linesOf(config.entries, draft);
	const count = Object.keys(draft).length;
	const isComplete = Object.values(draft).every((one) => one.kind !== "secret" || one.value !== "");
	const refusal = config.verbs.set;
	return (
		<Section
			title={t("entries")}
			aside={
				refusal !== null && (
					<span>
						<Said text={refusal} />
					</span>
				)
			}
		>
			{reason !== null && count === 0 && (
				<Notice role="status" tone="unknown" title={t("savedOnly", { version: config.version })} className="mb-3">
					<span className="whitespace-pre-line">
						<Said text={reason} />
					</span>
				</Notice>
			)}
			{lines.length === 0 ? (
				<p className="text-soft text-sm">{t("empty")}</p>
			) : (
				<Table label={t("entries")}>
					<HeadRow>
						<Head>{t("name")}</Head>
						<Head>{t("kind")}</Head>
						<Head className="w-full">{t("value")}</Head>
						<Head>{t("used")}</Head>
						<Head>
							<span className="sr-only">{t("actions")}</span>
						</Head>
					</HeadRow>
					<tbody>
						{lines.map((line) => (
							<EntryLine
								key={line.name}
								line={line}
								isUsed={config.used.includes(line.name)}
								mayChange={refusal === null}
								onChange={(to) => change(line.name, to)}
							/>
						))}
					</tbody>
				</Table>
			)}
			{refusal === null && (
				<>
					<AddEntry taken={lines.map(({ name }) => name)} suggested={config.used} onAdd={change} />
					<div className="mt-4 flex flex-wrap items-center justify-end gap-2">
						{count > 0 && <Button onClick={() => setDraft({})}>{t("discard")}</Button>}
						<Button look="primary" disabled={count === 0 || !isComplete} onClick={() => setSaving(true)}>
							{t("review", { count })}
						</Button>
					</div>
				</>
			)}
			{isSaving && (
				<SaveDialog
					config={config}
					draft={draft}
					onClose={() => setSaving(false)}
					onSaved={(why) => {
						setDraft({});
						setReason(why);
					}}
				/>
			)}
		</Section>
	);
}

interface EntryLineProps {
	line: DraftLine;
	isUsed: boolean;
	mayChange: boolean;
	onChange(to: DraftChange | null): void;
}

function EntryLine({ line, isUsed, mayChange, onChange }: EntryLineProps) {
	const t = useTranslations("configuration");
	const { name, entry, change } = line;
	const kind = change === null || change.kind === "remove" ? (entry?.kind ?? "plain") : change.kind;
	const isRemoved = change?.kind === "remove";
	return (
		<Row>
			<Cell className={isRemoved ? "font-mono text-xs leading-5 line-through" : "font-mono text-xs leading-5"}>{name}</Cell>
			<Cell className="whitespace-nowrap text-soft">{t(`kinds.${kind}`)}</Cell>
			<Cell>
				{isRemoved ? (
					<span className="text-soft">{t("willBeRemoved")}</span>
				) : (
					<Value line={line} mayChange={mayChange} onChange={onChange} />
				)}
			</Cell>
			<Cell className="whitespace-nowrap text-soft">{isUsed ? t("isUsed") : t("isUnused")}</Cell>
			<Cell className="text-right whitespace-nowrap">
				{mayChange && change !== null && (
					<Button size="small" look="quiet" aria-label={t("undoNamed", { name })} onClick={() => onChange(null)}>
						{t("undo")}
					</Button>
				)}
				{mayChange && change === null && (
					<Button size="small" look="quiet" aria-label={t("removeNamed", { name })} onClick={() => onChange({ kind: "remove" })}>
						{t("remove")}
					</Button>
				)}
			</Cell>
		</Row>
	);
}

function Value({ line, mayChange, onChange }: Omit<EntryLineProps, "isUsed">) {
	const t = useTranslations("configuration");
	const { name, entry, change } = line;
	const isSecret = (change !== null && change.kind !== "remove" ? change.kind : entry?.kind) === "secret";
	if (isSecret && change === null) {
		const secret = entry?.secret;
		return (
			<span className="flex flex-wrap items-center gap-x-3 gap-y-1 text-soft">
				{secret && (
					<span>
						{t("secretSet", { version: secret.version, who: secret.setBy })} <TimeAgo at={secret.setAt} className="text-faint" />
					</span>
				)}
				{mayChange && (
					<Button size="small" aria-label={t("replaceNamed", { name })} onClick={() => onChange({ kind: "secret", value: "" })}>
						{t("replace")}
					</Button>
				)}
			</span>
		);
	}
	if (!mayChange) return entry?.value === null ? <span className="text-faint">{t("hidden")}</span> : <code>{entry?.value}</code>;
	return (
		<TextArea
			aria-label={t("valueOf", { name })}
			rows={1}
			autoComplete="off"
			spellCheck={false}
			className={isSecret ? "min-w-48 font-mono [-webkit-text-security:disc]" : "min-w-48 font-mono"}
			value={change !== null && change.kind !== "remove" ? change.value : (entry?.value ?? "")}
			onChange={(event) => onChange({ kind: isSecret ? "secret" : "plain", value: event.target.value })}
		/>
	);
}
