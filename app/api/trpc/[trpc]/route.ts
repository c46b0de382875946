import { portal } from "@/server/portal";
import { handleTrpc } from "@/server/trpc/handler";

export const dynamic = "force-dynamic";

const handle = (request: Request) => handleTrpc(portal(), request);

export { handle as GET, handle as POST };
