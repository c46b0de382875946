import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { RolloutView } from "./rollout-view";

interface Props {
	params: Promise<{ service: string; environment: string; number: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
	const name = nameOf(await params);
	return { title: (await getTranslations("rollout"))("title", name) };
}

export default async function Page({ params }: Props) {
	const name = nameOf(await params);
	if (!Number.isInteger(name.number) || name.number < 1) notFound();
	return <RolloutView name={name} />;
}

function nameOf(params: { service: string; environment: string; number: string }) {
	return {
		service: decodeURIComponent(params.service),
		environment: decodeURIComponent(params.environment),
		number: Number(params.number),
	};
}
