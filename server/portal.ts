import { type Auth, createAuth } from "@/server/auth";
import { createDeps, type Deps } from "@/server/deps";
import { readEnv } from "@/server/env";
import { createHub, type Hub } from "@/server/live/hub";

export interface Portal {
	readonly deps: Deps;
	readonly auth: Auth;
	readonly hub: Hub;
}

const holder = globalThis as { sluicePortal?: Portal };

/** What the route handlers of one portal process share. Made at the first request: a build needs no installation. */
export function portal(): Portal {
	holder.sluicePortal ??= open();
	return holder.sluicePortal;
}

function open(): Portal {
	const deps = createDeps(readEnv(), "portal");
	return { deps, auth: createAuth(deps), hub: createHub(deps.env.databaseUrl, deps.log) };
}
