"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { CopyButton } from "@/components/copy-button";
import { Notice } from "@/components/notice";
import { Section } from "@/components/section";
import { Skeleton } from "@/components/skeleton";
import type { Answers } from "@/domain/import/model";
import type { ImportPage } from "@/server/views";
import { PageHead } from "../../frame/page-head";
import { Problem } from "../../frame/problem";
import { Said } from "../../i18n/said/said";
import { useTRPC } from "../../trpc/client";
import { importCommandOf } from "./command";
import { ImportQuestions } from "./import-questions";
import { ImportValues } from "./import-values";
import { ManifestEditor } from "./manifest-editor";

/** What a repository is proposed: first what could not be told, then the manifest, then where each value comes from. */
export function ImportForm({ repository }: { repository: string }) {
	const trpc = useTRPC();
	const [answers, setAnswers] = useState<Answers>({});
	const proposed = useQuery({
		...trpc.import.propose.queryOptions({ repository, answers }),
		placeholderData: (before: ImportPage | undefined) => before,
	});
	if (proposed.data === undefined)
		return proposed.isError ? <Problem query={proposed} /> : <Skeleton className="h-96 max-w-3xl" />;
	return (
		<>
			{proposed.isError && (
				<div className="mb-4">
					<Problem query={proposed} />
				</div>
			)}
			<Proposed page={proposed.data} answers={answers} onAnswer={(key, value) => setAnswers({ ...answers, [key]: value })} />
		</>
	);
}

interface ProposedProps {
	page: ImportPage;
	answers: Answers;
	onAnswer(key: string, value: string): void;
}

function Proposed({ page, answers, onAnswer }: ProposedProps) {
	const t = useTranslations("create.import");
	const { repository, branch, commit, proposal } = page;
	const open = proposal.questions.filter(({ isOpen }) => isOpen).length;
	return (
		<>
			<PageHead
				title={t("title", { name: repository })}
				facts={
					<>
						{t("facts", { commit: commit.slice(0, 7), branch })}{" "}
						<Link href="/create?way=import" className="text-accent underline">
							{t("anotherRepository")}
						</Link>
					</>
				}
				actions={<CopyButton text={importCommandOf(repository, answers)} label={t("copyCli")} />}
			/>
			<div className="grid grid-cols-[minmax(0,1fr)] gap-6">
				{page.hasManifest && <Notice role="status" tone="stopped" title={t("hasManifest", { name: repository })} />}
				{page.refusal !== null && (
					<Notice role="alert" tone="failed" title={t("refusal")}>
						<Said text={page.refusal} />
					</Notice>
				)}
				<Section title={t("questions")} aside={t("questionsOpen", { count: open })}>
					<ImportQuestions questions={proposal.questions} onAnswer={onAnswer} />
				</Section>
				<ManifestEditor page={page} open={open} />
				{proposal.bases.length > 0 && (
					<Section title={t("bases")}>
						<Sentences of={proposal.bases.map(({ sentence }) => sentence)} />
					</Section>
				)}
				{proposal.notes.length > 0 && (
					<Section title={t("notes")}>
						<Sentences of={proposal.notes} />
					</Section>
				)}
				<Section title={t("values")}>
					<ImportValues values={proposal.values} />
				</Section>
			</div>
		</>
	);
}

function Sentences({ of }: { of: readonly string[] }) {
	return (
		<ul className="grid list-disc gap-1 pl-5 text-sm break-words marker:text-faint">
			{of.map((sentence) => (
				<li key={sentence}>
					<Said text={sentence} />
				</li>
			))}
		</ul>
	);
}
