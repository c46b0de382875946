/** Who sends to an inbound hook; each signs in its own way. `standard` is Standard Webhooks. */
export const hookKinds = ["github", "gitea", "gitlab", "standard"] as const;
export type HookKind = (typeof hookKinds)[number];

/** What a message says, as far as it matters here. */
export interface Received {
	/** What the sender calls this kind of message. */
	readonly event: string;
	/** The branch that was pushed to; null = it says none. */
	readonly branch: string | null;
	/** The new head, as the sender says; null = it says none. */
	readonly commit: string | null;
	/** The address of who pushed, in lower case; null = it says none. */
	readonly email: string | null;
}

/** The sender's own word for this message, which a repetition has again; null = it gives none. */
export function remoteIdIn(kind: HookKind, headers: Headers): string | null {
	const names: Readonly<Record<HookKind, readonly string[]>> = {
		github: ["x-github-delivery"],
		// Forgejo speaks Gitea's names, too.
		gitea: ["x-gitea-delivery", "x-forgejo-delivery", "x-github-delivery"],
		gitlab: ["idempotency-key", "x-gitlab-event-uuid"],
		standard: ["webhook-id"],
	};
	for (const name of names[kind]) {
		const id = headers.get(name)?.trim();
		if (id) return id.slice(0, 200);
	}
	return null;
}

/** Reads a message whose signature was found right. What is not understood is null: the hook then looks for itself. */
export function receivedIn(kind: HookKind, headers: Headers, body: unknown): Received {
	const message = record(body);
	const ref = text(message.ref);
	return {
		event: eventIn(kind, headers, message),
		branch: ref?.startsWith("refs/heads/") ? ref.slice("refs/heads/".length) : null,
		commit: text(message.after),
		email: (text(record(message.pusher).email) ?? text(message.user_email))?.toLowerCase() ?? null,
	};
}

/** Why nothing is to be fetched, as a sentence; null = it is a push to the branch. */
export function whyIgnored(kind: HookKind, received: Received, defaultBranch: string): string | null {
	const isPush = kind === "standard" || ["push", "Push Hook"].includes(received.event);
	if (!isPush) return `"${received.event}" is no push: nothing is fetched.`;
	const isOther = received.branch !== null && received.branch !== defaultBranch;
	if (isOther) return `The push was to ${received.branch}: only ${defaultBranch} is taken over.`;
	if (kind !== "standard" && received.branch === null) return "The push was to no branch: nothing is fetched.";
	if (received.commit !== null && /^0+$/.test(received.commit))
		return `${defaultBranch} was removed there; here it stays as it is.`;
	return null;
}

function eventIn(kind: HookKind, headers: Headers, message: Readonly<Record<string, unknown>>): string {
	const names = ["x-github-event", "x-gitea-event", "x-forgejo-event", "x-gitlab-event"];
	const named = kind === "standard" ? text(message.type) : names.map((name) => headers.get(name)).find((one) => one);
	return (named ?? "message").slice(0, 100);
}

function record(value: unknown): Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null ? { ...value } : {};
}

function text(value: unknown): string | null {
	return typeof value === "string" && value !== "" ? value.slice(0, 300) : null;
}
