import type { IncomingMessage, ServerResponse } from "node:http";
import type { z } from "zod";
import { AppError, errorCodes } from "@/domain/errors";

/** The checked JSON body. Throws `invalid` with the first thing that is wrong with it. */
export async function readBody<T>(request: IncomingMessage, schema: z.ZodType<T>, limitBytes: number): Promise<T> {
	const parsed = schema.safeParse(parseJson(await readAll(request, limitBytes)));
	if (parsed.success) return parsed.data;
	const issue = parsed.error.issues[0];
	throw new AppError("invalid", `The body is not right at "${issue?.path.join(".") ?? ""}": ${issue?.message ?? "unknown"}.`);
}

async function readAll(request: IncomingMessage, limitBytes: number): Promise<string> {
	const tooLarge = () => new AppError("invalid", `The body is larger than ${limitBytes} bytes.`);
	if (Number(request.headers["content-length"] ?? 0) > limitBytes) throw tooLarge();
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of request as AsyncIterable<Buffer>) {
		size += chunk.length;
		if (size > limitBytes) throw tooLarge();
		chunks.push(chunk);
	}
	return Buffer.concat(chunks).toString("utf8");
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (cause) {
		throw new AppError("invalid", "The body is not JSON.", { cause });
	}
}

export function sendJson(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
	sendText(response, status, JSON.stringify(body), headers);
}

/** `text` is JSON already. */
export function sendText(response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}): void {
	response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text), ...headers });
	response.end(text);
}

/** The relay's translator of errors. */
export function sendError(response: ServerResponse, error: AppError): void {
	if (response.headersSent) {
		response.destroy();
		return;
	}
	// The connection is closed too: a refused body may not have been read, a refused certificate stays refused.
	sendJson(response, errorCodes[error.code].http, { code: error.code, message: error.message }, { connection: "close" });
}
