import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** Standard Webhooks 1.0: https://www.standardwebhooks.com */
const prefix = "whsec_";
const secretBytes = 32;
/** The specification leaves it open; its own libraries take 5 minutes. */
const toleranceMs = 5 * 60_000;

export function newSecret(): string {
	return `${prefix}${randomBytes(secretBytes).toString("base64")}`;
}

/** `v1,<base64>`; `timestamp` in seconds. */
export function signature(secret: string, id: string, timestamp: number, body: string): string {
	return `v1,${digestOf(secret, `${id}.${timestamp}.${body}`).toString("base64")}`;
}

/** The three headers; a signature with each secret that is valid now. */
export function signedHeaders(
	secrets: readonly string[],
	{ id, timestamp, body }: { readonly id: string; readonly timestamp: number; readonly body: string },
): Record<"webhook-id" | "webhook-timestamp" | "webhook-signature", string> {
	return {
		"webhook-id": id,
		"webhook-timestamp": String(timestamp),
		"webhook-signature": secrets.map((secret) => signature(secret, id, timestamp, body)).join(" "),
	};
}

/** Of a message to us, signed with any of the secrets, not older or newer than 5 minutes. */
export function isSignedBy(secrets: readonly string[], headers: Headers, body: Uint8Array, now: number): boolean {
	const id = headers.get("webhook-id");
	const timestamp = Number(headers.get("webhook-timestamp"));
	if (!id || !Number.isSafeInteger(timestamp) || Math.abs(now - timestamp * 1_000) > toleranceMs) return false;
	const given = (headers.get("webhook-signature") ?? "").split(" ").slice(0, 10);
	const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
	return secrets.some((secret) => {
		const own = Buffer.from(`v1,${digestOf(secret, signed).toString("base64")}`);
		return given.some((one) => isSame(Buffer.from(one), own));
	});
}

export function isSame(one: Buffer, other: Buffer): boolean {
	return one.length === other.length && timingSafeEqual(one, other);
}

function digestOf(secret: string, signed: string | Uint8Array): Buffer {
	const key = Buffer.from(secret.startsWith(prefix) ? secret.slice(prefix.length) : secret, "base64");
	return createHmac("sha256", key).update(signed).digest();
}
