import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { CompareView } from "./compare-view";

interface PageProps {
	params: Promise<{ service: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
	const { service } = await params;
	return { title: (await getTranslations("compare"))("title", { service: decodeURIComponent(service) }) };
}

export default async function Page({ params }: PageProps) {
	return <CompareView service={decodeURIComponent((await params).service)} />;
}
