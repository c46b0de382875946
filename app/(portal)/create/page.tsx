import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { CreateEmpty } from "./create-empty";
import { CreateService } from "./create-service";
import { TemplateCards } from "./template-cards";

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await getTranslations("nav"))("create") };
}

interface Props {
	searchParams: Promise<{ template?: string | string[]; way?: string | string[] }>;
}

export default async function CreatePage({ searchParams }: Props) {
	const { template, way } = await searchParams;
	if (way === "empty") return <CreateEmpty />;
	return typeof template === "string" ? <CreateService name={template} /> : <TemplateCards />;
}
