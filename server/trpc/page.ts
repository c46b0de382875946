import { portal } from "@/server/portal";
import { type Context, createContext } from "@/server/trpc/context";

/** Who asks for a page, for what the page asks before it is sent: through the same procedures as the browser's questions. */
export function pageContext(headers: Headers): Promise<Context> {
	const { deps, auth } = portal();
	return createContext(deps, auth, headers);
}
