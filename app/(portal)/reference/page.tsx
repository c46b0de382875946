import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { ReferenceView } from "./reference-view";

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await getTranslations("nav"))("reference") };
}

export default function Page() {
	return <ReferenceView />;
}
