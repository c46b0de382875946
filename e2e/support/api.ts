import { createTRPCClient, httpLink } from "@trpc/client";
import superjson from "superjson";
import type { AppRouter } from "@/server/trpc/router";
import { apiToken, portalAddress } from "./installation";

/** The procedures, as the CLI calls them. */
export function api() {
	return createTRPCClient<AppRouter>({
		links: [
			httpLink({
				url: `${portalAddress()}/api/trpc`,
				transformer: superjson,
				headers: { authorization: `Bearer ${apiToken()}` },
			}),
		],
	});
}
