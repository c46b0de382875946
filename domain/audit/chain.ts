import { canonicalJson } from "@/domain/rollout/canonical-json";

/**
 * The audit trail as a chain: each row has the next number, the hash of the row before, and a hash of its own over both
 * and everything it says, keyed with a key that is not in the database. Who can only write to the database can
 * therefore change nothing that verification does not find.
 */
export interface AuditFacts {
	readonly at: Date;
	readonly actorKind: string;
	readonly actorId: string;
	readonly actorName: string;
	readonly action: string;
	readonly subjectKind: string;
	readonly subject: string;
	readonly summary: string;
	readonly data: unknown;
}

/** The newest row that a chain, or a part of it, ends with. */
export interface ChainEnd {
	readonly sequence: bigint;
	/** 64 hex digits. */
	readonly hash: string;
}

export interface ChainLink extends ChainEnd {
	/** The hash of the row before. */
	readonly previous: string;
}

/** Keyed hash of a text, in hex. */
export type Mac = (text: string) => string;

/** What the first row of a chain has as its previous hash. */
export const genesis = "0".repeat(64);

/** The first row of a chain that began after rows without one: it vouches for them as they were then. */
export const beginAction = "audit.begin";

/** The next link; `facts` must be as they will be read back, so without what Postgres does not keep (`storable`). */
export function nextLink(end: ChainEnd, facts: AuditFacts, mac: Mac): ChainLink {
	const sequence = end.sequence + 1n;
	return { sequence, previous: end.hash, hash: hashOf(sequence, facts, end.hash, mac) };
}

export function hashOf(sequence: bigint, facts: AuditFacts, previous: string, mac: Mac): string {
	const { at, actorKind, actorId, actorName, action, subjectKind, subject, summary, data } = facts;
	const said = { actorKind, actorId, actorName, action, subjectKind, subject, summary, data };
	return mac(canonicalJson({ ...said, at: at.toISOString(), sequence: sequence.toString(), previous }));
}

/** As it comes back from Postgres: half of a surrogate pair becomes a replacement character, and JSON has no `undefined`. */
export function storable({ at, ...said }: AuditFacts): AuditFacts {
	const kept = JSON.parse(JSON.stringify(said), (_, value: unknown) =>
		typeof value === "string" ? value.toWellFormed() : value,
	) as typeof said;
	return { ...kept, at };
}
