import { handleLive } from "@/server/live/handler";
import { portal } from "@/server/portal";

export const dynamic = "force-dynamic";

export async function GET(request: Request, { params }: { params: Promise<{ path: string[] }> }): Promise<Response> {
	return handleLive(portal(), request, (await params).path);
}
