import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { GatewayView } from "./gateway-view";

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await getTranslations("nav"))("gateway") };
}

export default function Page() {
	return <GatewayView />;
}
