import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { CreateEmpty } from "./create-empty";
import { CreateImage } from "./create-image";
import { CreateService } from "./create-service";
import { ImportForm } from "./import-form";
import { ImportRepository } from "./import-repository";
import { TemplateCards } from "./template-cards";

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await getTranslations("nav"))("create") };
}

interface Props {
	searchParams: Promise<{ template?: string | string[]; way?: string | string[]; repository?: string | string[] }>;
}

export default async function CreatePage({ searchParams }: Props) {
	const { template, way, repository } = await searchParams;
	if (way === "empty") return <CreateEmpty />;
	if (way === "image") return <CreateImage />;
	if (way === "import") return typeof repository === "string" ? <ImportForm repository={repository} /> : <ImportRepository />;
	return typeof template === "string" ? <CreateService name={template} /> : <TemplateCards />;
}
