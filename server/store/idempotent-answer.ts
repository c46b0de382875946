import type { SealedSecret } from "@/adapters/secrets/cipher";
import type { Tx } from "@/server/store/client";

export interface KeptAnswer extends SealedSecret {
	readonly caller: string;
	readonly key: string;
	readonly requestHash: Uint8Array<ArrayBuffer>;
	readonly status: number;
}

/** To the end of the transaction; false = another one has it. Two places that hash alike only wait for each other. */
export async function lockKey(tx: Tx, place: string): Promise<boolean> {
	const rows = await tx.$queryRaw<{ free: boolean }[]>`
		select pg_try_advisory_xact_lock(hashtextextended(${`idempotency\n${place}`}, 0)) as free`;
	return rows[0]?.free ?? false;
}

/** Null = none, or older than 24 hours by Postgres's clock. */
export async function findAnswer(tx: Tx, caller: string, key: string): Promise<Omit<KeptAnswer, "caller" | "key"> | null> {
	const rows = await tx.$queryRaw<Omit<KeptAnswer, "caller" | "key">[]>`
		select "requestHash", status, ciphertext, nonce, "keyId" from idempotent_answer
		where caller = ${caller} and key = ${key} and "createdAt" > now() - interval '24 hours'`;
	return rows[0] ?? null;
}

/** One that is over is replaced. */
export async function keepAnswer(tx: Tx, answer: KeptAnswer): Promise<void> {
	const { caller, key, requestHash, status, ciphertext, nonce, keyId } = answer;
	await tx.$executeRaw`
		insert into idempotent_answer (caller, key, "requestHash", status, ciphertext, nonce, "keyId", "createdAt")
		values (${caller}, ${key}, ${requestHash}, ${status}, ${ciphertext}, ${nonce}, ${keyId}, now())
		on conflict (caller, key) do update set "requestHash" = excluded."requestHash", status = excluded.status,
			ciphertext = excluded.ciphertext, nonce = excluded.nonce, "keyId" = excluded."keyId", "createdAt" = excluded."createdAt"`;
}

/** How many were older than 24 hours. */
export async function removeOldAnswers(tx: Tx): Promise<number> {
	return tx.$executeRaw`delete from idempotent_answer where "createdAt" <= now() - interval '24 hours'`;
}
