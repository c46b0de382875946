import type { Actor } from "@/domain/roles";
import type { Auth } from "@/server/auth";
import { authenticate } from "@/server/auth";
import type { Deps } from "@/server/deps";

export interface Context {
	readonly deps: Deps;
	/** null = nobody we know. */
	readonly actor: Actor | null;
}

export async function createContext(deps: Deps, auth: Auth, headers: Headers): Promise<Context> {
	return { deps, actor: await authenticate(auth, deps.database, headers) };
}
