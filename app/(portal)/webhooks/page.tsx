import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { WebhooksView } from "./webhooks-view";

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await getTranslations("nav"))("webhooks") };
}

export default function Page() {
	return <WebhooksView />;
}
