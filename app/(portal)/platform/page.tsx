import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { PlatformView } from "./platform-view";

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await getTranslations("nav"))("platform") };
}

export default function Page() {
	return <PlatformView />;
}
