import { handleInvitation } from "@/server/invitation/handler";
import { portal } from "@/server/portal";

export const dynamic = "force-dynamic";

export const POST = (request: Request) => handleInvitation(portal(), request);
