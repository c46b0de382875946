import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { PipelinesView } from "./pipelines-view";

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await getTranslations("nav"))("pipelines") };
}

export default function Page() {
	return <PipelinesView />;
}
