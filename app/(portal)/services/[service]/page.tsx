import type { Metadata } from "next";
import { ServiceView } from "./service-view";

interface Props {
	params: Promise<{ service: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
	return { title: decodeURIComponent((await params).service) };
}

export default async function Page({ params }: Props) {
	return <ServiceView service={decodeURIComponent((await params).service)} />;
}
