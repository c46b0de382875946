import { portal } from "@/server/portal";
import { answersNow } from "@/server/store/client";

export const dynamic = "force-dynamic";

/** 200 only when a page could be shown: the database answers. */
export async function GET(): Promise<Response> {
	const isWell = await answersNow(portal().deps.database);
	return Response.json({ database: isWell ? "answers" : "away" }, { status: isWell ? 200 : 503 });
}
