import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { UsersView } from "./users-view";

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await getTranslations("nav"))("admin") };
}

export default function Page() {
	return <UsersView />;
}
