import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { PipelineView } from "./pipeline-view";

interface Props {
	params: Promise<{ repository: string; number: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
	return { title: (await getTranslations("pipeline"))("title", nameOf(await params)) };
}

export default async function Page({ params }: Props) {
	const name = nameOf(await params);
	if (!Number.isInteger(name.number) || name.number < 1) notFound();
	return <PipelineView name={name} />;
}

function nameOf(params: { repository: string; number: string }) {
	return { repository: decodeURIComponent(params.repository), number: Number(params.number) };
}
