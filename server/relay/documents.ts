import { AppError } from "@/domain/errors";
import { sendJson, sendText } from "@/server/relay/body";
import type { HostRequest, RelayContext } from "@/server/relay/context";
import { desiredDocument } from "@/server/store/host";

/** GET /v1/desired */
export async function desired(context: RelayContext, { host, response }: HostRequest): Promise<void> {
	const document = await desiredDocument(context.database, context.installation, host);
	if (!document) throw new AppError("not-found", `There is no host ${host}: join again with a new token.`);
	sendJson(response, 200, document);
}

/** GET /v1/traffic: its ETag is the hint's `traffic`, so a host asks only for what it does not have. */
export async function traffic(context: RelayContext, { request, response }: HostRequest): Promise<void> {
	const tag = await context.traffic.tag();
	if (request.headers["if-none-match"] === etag(tag)) {
		response.writeHead(304, { etag: etag(tag) }).end();
		return;
	}
	const document = await context.traffic.document(tag);
	sendText(response, 200, document.text, { etag: etag(document.tag) });
}

function etag(tag: string): string {
	return `"${tag}"`;
}
