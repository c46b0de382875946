import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { CreateWay } from "./way";

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await getTranslations("nav"))("create") };
}

interface Props {
	searchParams: Promise<{ template?: string | string[]; way?: string | string[]; repository?: string | string[] }>;
}

export default async function CreatePage({ searchParams }: Props) {
	const { template, way, repository } = await searchParams;
	return <CreateWay way={only(way)} repository={only(repository)} template={only(template)} />;
}

function only(value: string | string[] | undefined): string | null {
	return typeof value === "string" ? value : null;
}
