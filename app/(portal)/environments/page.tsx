import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Prefetched } from "../../trpc/prefetched";
import { EnvironmentsView } from "./environments-view";
import { matrixFiltersIn, pageOf } from "./filter";

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await getTranslations("nav"))("environments") };
}

interface Props {
	searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function Page({ searchParams }: Props) {
	const filters = matrixFiltersIn(await searchParams);
	return (
		<Prefetched ask={(trpc, client) => [client.prefetchQuery(trpc.environment.matrix.queryOptions(pageOf(filters)))]}>
			<EnvironmentsView />
		</Prefetched>
	);
}
