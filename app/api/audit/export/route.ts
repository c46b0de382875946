import { handleAuditExport } from "@/server/audit/handler";
import { portal } from "@/server/portal";

export const dynamic = "force-dynamic";

export const GET = (request: Request) => handleAuditExport(portal(), request);
