import { hashRequest, isSameRequest, openAnswer, sealAnswer } from "@/adapters/secrets/kept-answer";
import { ensureSecretKeys } from "@/adapters/secrets/key-file";
import { AppError } from "@/domain/errors";
import type { Actor } from "@/domain/roles";
import type { Deps } from "@/server/deps";
import { Refusal } from "@/server/rest/problem";
import { asDatabase } from "@/server/store/audit-chain";
import type { Database } from "@/server/store/client";
import { findAnswer, keepAnswer, lockKey } from "@/server/store/idempotent-answer";

export interface Answer {
	readonly status: number;
	readonly body: string;
}

export interface Asked {
	readonly caller: string;
	readonly key: string;
	readonly request: string;
	readonly longestMs?: number;
}

/** As long as a registry may take to be asked about an image, and then some; a change itself takes milliseconds. */
const usuallyLongestMs = 60_000;

/** Nobody's key is another's: the same word from two tokens is two requests. */
export function callerOf(actor: Actor): string {
	return actor.token ? `token/${actor.token.id}` : `${actor.kind}/${actor.id}`;
}

/** Throws `invalid`. The draft writes it as a quoted string; most clients do not quote. */
export function keyIn(header: string): string {
	const key = /^"(.*)"$/.exec(header)?.[1] ?? header;
	if (/^[\x21-\x7e]{1,255}$/.test(key)) return key;
	throw new AppError("invalid", "An Idempotency-Key has 1 to 255 visible ASCII characters: a UUID is good.");
}

/**
 * Does a request once, however often it is asked. The answer is kept in the transaction of the change itself: `work` gets
 * that transaction as its database, so a portal that dies leaves both or neither, and a repeat after it does it or reads
 * it. What is refused or fails changes nothing and keeps nothing: it is tried anew. The answer may hold what is shown
 * once (a token), so it is kept encrypted, and the request only as a keyed hash.
 * Throws 422 for another request under the same key, and 409 while the first is under way.
 */
export async function answerOnce(
	deps: Pick<Deps, "database" | "env">,
	{ caller, key, request, longestMs = usuallyLongestMs }: Asked,
	work: (database: Database) => Promise<Answer>,
): Promise<Answer & { readonly isReplayed: boolean }> {
	const keys = await ensureSecretKeys(deps.env.paths.configKey);
	const place = `${caller}\n${key}`;
	return deps.database.$transaction(
		async (tx) => {
			if (!(await lockKey(tx, place))) {
				throw new Refusal(
					"request-under-way",
					"The first request with this Idempotency-Key is still being answered: ask again soon.",
					{
						"retry-after": "1",
					},
				);
			}
			const kept = await findAnswer(tx, caller, key);
			if (kept && !isSameRequest(keys, kept, request)) {
				throw new Refusal("key-reused", "This Idempotency-Key was used for another request: take a new key for each request.");
			}
			if (kept) return { status: kept.status, body: openAnswer(keys, place, kept), isReplayed: true };
			const answer = await work(asDatabase(tx));
			const sealed = sealAnswer(keys, place, answer.body);
			await keepAnswer(tx, { caller, key, status: answer.status, requestHash: hashRequest(keys[0], request), ...sealed });
			return { ...answer, isReplayed: false };
		},
		{ timeout: longestMs, maxWait: 10_000 },
	);
}
