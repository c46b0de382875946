import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Prefetched } from "../../trpc/prefetched";
import { CatalogView } from "./catalog-view";
import { catalogFiltersIn, pageOf, questionOf } from "./filter";

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await getTranslations("nav"))("catalog") };
}

interface Props {
	searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function Page({ searchParams }: Props) {
	const filters = catalogFiltersIn(await searchParams);
	return (
		<Prefetched
			ask={(trpc, client) => [
				client.prefetchQuery(trpc.service.list.queryOptions(pageOf(filters))),
				client.prefetchQuery(trpc.service.count.queryOptions(questionOf(filters))),
			]}
		>
			<CatalogView />
		</Prefetched>
	);
}
