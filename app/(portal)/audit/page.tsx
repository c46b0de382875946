import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { AuditView } from "./audit-view";

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await getTranslations("nav"))("audit") };
}

export default function Page() {
	return <AuditView />;
}
