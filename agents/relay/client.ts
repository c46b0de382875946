import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import https from "node:https";
import { text } from "node:stream/consumers";
import { AppError, messageOf } from "@/domain/errors";
import type { HostFiles } from "../files";

export interface RelayRequest {
	readonly method: "GET" | "HEAD" | "POST";
	readonly path: string;
	readonly headers?: Readonly<Record<string, string | string[]>>;
	readonly body?: unknown;
	/** Milliseconds without a byte; default 10 s. */
	readonly timeoutMs?: number;
	readonly signal?: AbortSignal;
}

/** The relay over mutual TLS, with what is on disk now as identity. */
export class RelayClient {
	#agent: https.Agent;

	constructor(
		private readonly address: string,
		private readonly files: Pick<HostFiles, "ca" | "identity">,
	) {
		this.#agent = this.#newAgent();
	}

	#newAgent(): https.Agent {
		const identity = readFileSync(this.files.identity);
		return new https.Agent({ keepAlive: true, maxSockets: 32, ca: readFileSync(this.files.ca), cert: identity, key: identity });
	}

	/** After a renewal: connections made with the old certificate are not used again. */
	renewIdentity(): void {
		this.#agent.destroy();
		this.#agent = this.#newAgent();
	}

	/** The answer's head; the caller reads the body. Throws `unavailable`. */
	open(request: RelayRequest): Promise<IncomingMessage> {
		const body = request.body === undefined ? null : JSON.stringify(request.body);
		return new Promise((resolve, reject) => {
			const call = https.request(
				new URL(request.path, this.address),
				{
					method: request.method,
					agent: this.#agent,
					timeout: request.timeoutMs ?? 10_000,
					headers: { ...request.headers, ...(body === null ? {} : { "content-type": "application/json" }) },
					...(request.signal ? { signal: request.signal } : {}),
				},
				resolve,
			);
			call.on("timeout", () => call.destroy(new Error("no answer in time")));
			call.on("error", (cause) =>
				reject(new AppError("unavailable", `The relay at ${this.address} cannot be reached: ${messageOf(cause)}.`, { cause })),
			);
			call.end(body ?? undefined);
		});
	}

	/** JSON there and back; null for 304 and 204. Throws with the relay's own sentence when it refuses. */
	async ask<T>(request: RelayRequest): Promise<{ body: T; etag: string | null } | null> {
		const answer = await this.open(request);
		const content = await text(answer);
		const status = answer.statusCode ?? 0;
		if (status === 204 || status === 304) return null;
		if (status !== 200) throw refusal(status, content, request.path);
		return { body: JSON.parse(content) as T, etag: answer.headers.etag ?? null };
	}
}

export function refusal(status: number, content: string, path: string): AppError {
	let said = content.slice(0, 500);
	try {
		said = String((JSON.parse(content) as { message?: unknown }).message ?? said);
	} catch {
		// Not ours: shown as it came.
	}
	const code = status >= 500 ? "unavailable" : status === 401 || status === 403 ? "forbidden" : "invalid";
	return new AppError(code, `The relay refused ${path}: ${said}`);
}
