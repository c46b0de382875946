import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { EnvironmentsView } from "./environments-view";

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await getTranslations("nav"))("environments") };
}

export default function Page() {
	return <EnvironmentsView />;
}
