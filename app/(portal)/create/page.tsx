import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { PageHead } from "../../frame/page-head";
import { CreateRepository } from "./create-repository";

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await getTranslations("nav"))("create") };
}

export default async function CreatePage() {
	const t = await getTranslations("create");
	return (
		<div className="max-w-2xl">
			<PageHead title={t("title")} facts={t("intro")} />
			<CreateRepository />
		</div>
	);
}
