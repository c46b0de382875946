import type { Metadata } from "next";
import dynamic from "next/dynamic";
import { getTranslations } from "next-intl/server";
import { TemplateCards } from "./template-cards";

// One way at a time: the others' programs need not be loaded.
const CreateEmpty = dynamic(() => import("./create-empty").then((module) => module.CreateEmpty));
const CreateImage = dynamic(() => import("./create-image").then((module) => module.CreateImage));
const CreateService = dynamic(() => import("./create-service").then((module) => module.CreateService));
const ImportForm = dynamic(() => import("./import-form").then((module) => module.ImportForm));
const ImportRepository = dynamic(() => import("./import-repository").then((module) => module.ImportRepository));

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
