import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { ProfileView } from "./profile-view";

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await getTranslations("nav"))("profile") };
}

export default function Page() {
	return <ProfileView />;
}
