import { AppError } from "@/domain/errors";
import { sendJson } from "@/server/relay/body";
import type { HostRequest, RelayContext } from "@/server/relay/context";
import { desiredDocument, snapshot, trafficTag } from "@/server/store/host";

/** GET /v1/desired */
export async function desired(context: RelayContext, { host, response }: HostRequest): Promise<void> {
	const document = await desiredDocument(context.database, context.installation, host);
	if (!document) throw new AppError("not-found", `There is no host ${host}: join again with a new token.`);
	sendJson(response, 200, document);
}

/** GET /v1/traffic: its ETag is the hint's `traffic`, so a host asks only for what it does not have. */
export async function traffic(context: RelayContext, { request, response }: HostRequest): Promise<void> {
	const known = request.headers["if-none-match"];
	if (known !== undefined && known === etag(await trafficTag(context.database))) {
		response.writeHead(304, { etag: known }).end();
		return;
	}
	const { tag, snapshot: body } = await snapshot(context.database, context.installation);
	sendJson(response, 200, body, { etag: etag(tag) });
}

function etag(tag: string): string {
	return `"${tag}"`;
}
