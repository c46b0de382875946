import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { RolloutsView } from "./rollouts-view";

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await getTranslations("nav"))("rollouts") };
}

export default function Page() {
	return <RolloutsView />;
}
