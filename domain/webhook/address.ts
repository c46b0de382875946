import { AppError } from "@/domain/errors";

export interface WebhookAddress {
	readonly url: URL;
	/** A name or an IP address, without brackets. */
	readonly host: string;
	readonly port: number;
}

const longest = 1_000;

/** Where events are sent: http or https, without a user or a password in it. Throws `invalid`. */
export function parseWebhookAddress(text: string): WebhookAddress {
	// What is refused is not repeated whole: its path may be a secret.
	const refuse = (why: string): AppError => new AppError("invalid", `Nothing can be sent to this address: ${why}`);
	if (text.length > longest || !/^[\x21-\x7e]+$/.test(text))
		throw refuse(`an address has no spaces or control characters and at most ${longest} letters.`);
	const url = parsed(text);
	if (url === null || !["http:", "https:"].includes(url.protocol) || url.hostname === "")
		throw refuse("give one that begins with https:// or http://.");
	if (url.username !== "" || url.password !== "")
		throw refuse("it has a user or a password in it. The signature says who sends: the receiver checks it.");
	if (url.hash !== "" || text.includes("#")) throw refuse("what comes after a # is never sent.");
	const usual = url.protocol === "https:" ? 443 : 80;
	return { url, host: url.hostname.replace(/^\[|\]$/g, ""), port: url.port === "" ? usual : Number(url.port) };
}

function parsed(text: string): URL | null {
	try {
		return new URL(text);
	} catch {
		return null;
	}
}
