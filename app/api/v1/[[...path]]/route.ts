import { portal } from "@/server/portal";
import { handleRest } from "@/server/rest/handler";

export const dynamic = "force-dynamic";

const handle = (request: Request) => handleRest(portal(), request);

export { handle as DELETE, handle as GET, handle as PATCH, handle as POST, handle as PUT };
