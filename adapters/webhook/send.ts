import { readFileSync } from "node:fs";
import { request as overHttp } from "node:http";
import { request as overHttps } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { allowedAddresses, type LookUp, lookUpHost, networksOf } from "@/adapters/git/public-network";
import type { WebhookSettings } from "@/adapters/webhook/settings";
import { AppError, messageOf } from "@/domain/errors";
import { parseWebhookAddress } from "@/domain/webhook/address";
import { retryAfterMs } from "@/domain/webhook/schedule";

export interface Sent {
	/** null = no answer came; then `problem` says why. */
	readonly status: number | null;
	/** The first KB of the answer. */
	readonly answer: string;
	readonly problem: string | null;
	readonly durationMs: number;
	/** What the receiver asks to wait before the next try. */
	readonly retryAfterMs: number | null;
}

const deadlineMs = 10_000;
const keptBytes = 1_024;
/** What an operator may do about an address that is not public. */
export const webhookRule = { who: "a webhook", file: "webhook.json" } as const;

/**
 * One POST, to an address that was checked and is pinned for this request; no redirect is followed, no proxy of the
 * environment is used, and no more than the first KB of the answer is read. Never throws: what happened is the answer.
 */
export async function send(
	address: string,
	message: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
	settings: WebhookSettings,
	{ lookUp = lookUpHost, ms = deadlineMs }: { readonly lookUp?: LookUp; readonly ms?: number } = {},
): Promise<Sent> {
	const began = performance.now();
	const spent = () => Math.round(performance.now() - began);
	const signal = AbortSignal.timeout(ms);
	try {
		const { url, host } = parseWebhookAddress(address);
		const addresses = await allowedAddresses(host, networksOf(settings.networks), lookUp, webhookRule);
		const answered = await post(url, addresses, message, settings, signal);
		return { ...answered, problem: null, durationMs: spent() };
	} catch (error) {
		const problem = signal.aborted ? `No answer within ${ms / 1_000} s.` : sentenceOf(error);
		return { status: null, answer: "", problem, durationMs: spent(), retryAfterMs: null };
	}
}

function post(
	url: URL,
	addresses: readonly string[],
	{ headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
	{ caFile }: WebhookSettings,
	signal: AbortSignal,
): Promise<Pick<Sent, "status" | "answer" | "retryAfterMs">> {
	const isSecure = url.protocol === "https:";
	const options = {
		method: "POST",
		headers: { ...headers, "content-length": Buffer.byteLength(body), "user-agent": "Sluice-Webhook/1", connection: "close" },
		lookup: pinnedTo(addresses),
		agent: false,
		signal,
		...(isSecure && caFile !== null ? { ca: readFileSync(caFile) } : {}),
	} as const;
	return new Promise((resolve, reject) => {
		const request = (isSecure ? overHttps : overHttp)(url, options, (response) => {
			let kept = Buffer.alloc(0);
			const { statusCode = 0 } = response;
			const end = (): void => {
				// As text of its own: what a receiver answers may be anything.
				const answer = kept.toString("utf8").replace(/[^\P{C}\n\t]/gu, "");
				resolve({ status: statusCode, answer, retryAfterMs: retryAfterMs(response.headers["retry-after"]) });
			};
			response.on("data", (chunk: Buffer) => {
				kept = Buffer.concat([kept, chunk]).subarray(0, keptBytes);
				if (kept.length < keptBytes) return;
				end();
				request.destroy();
			});
			response.once("end", end);
			// The status came: that is an answer, whatever was to follow.
			response.once("error", () => (signal.aborted ? reject(signal.reason) : end()));
		});
		request.once("error", reject);
		request.end(body);
	});
}

/** The connection goes to what was checked, whatever the name says now. */
function pinnedTo(addresses: readonly string[]): LookupFunction {
	const all = addresses.map((address) => ({ address, family: isIP(address) }));
	return (host, { all: wantsAll }, callback) => {
		const [first] = all;
		if (!first) callback(new Error(`${host} has no address`), "");
		else if (wantsAll) callback(null, all);
		else callback(null, first.address, first.family);
	};
}

function sentenceOf(error: unknown): string {
	if (error instanceof AppError) return error.message;
	const { code } = error as NodeJS.ErrnoException;
	switch (code) {
		case "ECONNREFUSED":
			return "The connection was refused: nothing listens there.";
		case "ECONNRESET":
			return "The connection was broken off before an answer came.";
		case "EHOSTUNREACH":
		case "ENETUNREACH":
			return "The address cannot be reached from here.";
		default:
			return `It could not be sent: ${messageOf(error).slice(0, 300)}`;
	}
}
