import { AppError } from "@/domain/errors";
import { sendJson } from "@/server/relay/body";
import type { HostRequest, RelayContext } from "@/server/relay/context";
import { instanceValues } from "@/server/services/instance-values";

/** GET /v1/config?instance=...: values of an instance that this host should run now; nothing on the way keeps them. */
export async function config(context: RelayContext, { host, request, response }: HostRequest): Promise<void> {
	const instance = new URL(request.url ?? "/", "https://relay").searchParams.get("instance");
	if (!instance) throw new AppError("invalid", "Say which instance: /v1/config?instance=...");
	const values = await instanceValues(context.database, context.secretKeys, host, instance);
	sendJson(response, 200, values, { "cache-control": "no-store" });
}
