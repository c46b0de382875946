import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import { createTRPCOptionsProxy, type TRPCOptionsProxy } from "@trpc/tanstack-react-query";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import superjson from "superjson";
import { pageContext } from "@/server/trpc/page";
import { type AppRouter, appRouter } from "@/server/trpc/router";

type Questions = (trpc: TRPCOptionsProxy<AppRouter>, client: QueryClient) => readonly Promise<unknown>[];

/**
 * Asks on the server what the page will ask, so that its first rows are in the page itself and are read before any
 * script has come. What is refused or fails here is left out: the browser asks again, and says why not.
 */
export async function Prefetched({ ask, children }: { ask: Questions; children: ReactNode }) {
	const client = new QueryClient({ defaultOptions: { dehydrate: { serializeData: superjson.serialize } } });
	const ctx = await pageContext(await headers()).catch(() => null);
	if (ctx?.actor) await Promise.all(ask(createTRPCOptionsProxy({ ctx, router: appRouter, queryClient: client }), client));
	return <HydrationBoundary state={dehydrate(client)}>{children}</HydrationBoundary>;
}
