import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { CatalogView } from "./catalog-view";

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await getTranslations("nav"))("catalog") };
}

export default function Page() {
	return <CatalogView />;
}
