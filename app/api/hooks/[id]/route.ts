import { handleHook } from "@/server/hooks/handler";
import { portal } from "@/server/portal";

export const dynamic = "force-dynamic";

export async function POST(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
	return handleHook(portal(), request, (await params).id);
}
