import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { WebhookView } from "./webhook-view";

interface Props {
	params: Promise<{ id: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await getTranslations("nav"))("webhooks") };
}

export default async function Page({ params }: Props) {
	return <WebhookView id={decodeURIComponent((await params).id)} />;
}
