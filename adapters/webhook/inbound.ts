import { createHash, createHmac } from "node:crypto";
import { isSame, isSignedBy } from "@/adapters/webhook/standard";
import type { HookKind } from "@/domain/webhook/inbound";

/**
 * Does the message prove that it comes from who has the secret? GitHub and Gitea sign the body, GitLab sends the secret
 * itself, Standard Webhooks sign the body with its id and time. What is compared takes the same time, right or wrong.
 */
export function isFromSender(
	kind: HookKind,
	secrets: readonly string[],
	headers: Headers,
	body: Uint8Array,
	now: number,
): boolean {
	switch (kind) {
		case "github":
		case "gitea":
			return secrets.some((secret) => isHubSigned(secret, headers, body));
		case "gitlab":
			return secrets.some((secret) => isSame(hashed(headers.get("x-gitlab-token") ?? ""), hashed(secret)));
		case "standard":
			return isSignedBy(secrets, headers, body, now);
	}
}

function isHubSigned(secret: string, headers: Headers, body: Uint8Array): boolean {
	const given = headers.get("x-hub-signature-256") ?? "";
	const own = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
	return isSame(Buffer.from(given), Buffer.from(own));
}

/** Of one length, whatever was sent. */
function hashed(text: string): Buffer {
	return createHash("sha256").update(text).digest();
}

export function hashOfBody(body: Uint8Array): string {
	return createHash("sha256").update(body).digest("hex");
}
