import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { CreationView } from "./creation-view";

interface Props {
	params: Promise<{ name: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
	const name = decodeURIComponent((await params).name);
	return { title: (await getTranslations("create.run"))("title", { name }) };
}

export default async function Page({ params }: Props) {
	return <CreationView name={decodeURIComponent((await params).name)} />;
}
