import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { HostsView } from "./hosts-view";

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await getTranslations("nav"))("hosts") };
}

export default function Page() {
	return <HostsView />;
}
