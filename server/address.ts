/** As Next hands it on from the connection; a client before no proxy can write it, so no limit rests on it alone. */
export function addressOf(request: Request): string {
	return request.headers.get("x-forwarded-for")?.split(",")[0]?.trim().slice(0, 64) || "unknown";
}
