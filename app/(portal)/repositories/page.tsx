import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { RepositoriesView } from "./repositories-view";

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await getTranslations("nav"))("repositories") };
}

export default function Page() {
	return <RepositoriesView />;
}
