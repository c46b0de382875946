"use client";

import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createTRPCClient, httpBatchLink, TRPCClientError } from "@trpc/client";
import { createTRPCContext } from "@trpc/tanstack-react-query";
import { type ReactNode, useState } from "react";
import superjson from "superjson";
import type { AppRouter } from "@/server/trpc/router";

const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>();

export { useTRPC, useTRPCClient };

/** One client a browser tab. An answer "not signed in" leads to the sign-in page and back. */
export function DataProvider({ children }: { children: ReactNode }) {
	const [queryClient] = useState(newQueryClient);
	const [trpcClient] = useState(() =>
		createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: "/api/trpc", transformer: superjson })] }),
	);
	return (
		<QueryClientProvider client={queryClient}>
			<TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
				{children}
			</TRPCProvider>
		</QueryClientProvider>
	);
}

function newQueryClient(): QueryClient {
	return new QueryClient({
		queryCache: new QueryCache({ onError: signInAgain }),
		mutationCache: new MutationCache({ onError: signInAgain }),
		defaultOptions: {
			queries: {
				staleTime: 5_000,
				// The portal restarts in seconds; what can never succeed is not asked again.
				retry: (failures, error) => failures < 2 && !isFinal(error),
			},
			// What the page brought with it: app/trpc/prefetched.tsx.
			hydrate: { deserializeData: superjson.deserialize },
		},
	});
}

/** The server's word for what went wrong (UNAUTHORIZED, FORBIDDEN, NOT_FOUND ...); null when it did not answer. */
export function errorCodeOf(error: unknown): string | null {
	if (!(error instanceof TRPCClientError)) return null;
	const data: unknown = error.data;
	return typeof data === "object" && data !== null && "code" in data ? String(data.code) : null;
}

function isFinal(error: unknown): boolean {
	const code = errorCodeOf(error);
	return code !== null && code !== "INTERNAL_SERVER_ERROR" && code !== "SERVICE_UNAVAILABLE" && code !== "GATEWAY_TIMEOUT";
}

function signInAgain(error: unknown): void {
	if (errorCodeOf(error) !== "UNAUTHORIZED" || location.pathname === "/sign-in") return;
	location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
}
