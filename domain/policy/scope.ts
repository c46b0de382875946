import type { Role } from "@/domain/roles";

/** What a token may be for. Every scope may read; none includes another. */
export const scopes = ["read", "deploy", "approve", "operate", "admin"] as const;
export type Scope = (typeof scopes)[number];

/** What an API token is narrowed to, below its role; null = everything. */
export interface TokenLimits {
	readonly scopes: readonly Scope[] | null;
	/** What it may change, and whose pages it may read. Lists stay readable. */
	readonly services: readonly string[] | null;
	readonly environments: readonly string[] | null;
}

/** What a call is about, as far as it says; null = it names none. */
export interface Target {
	readonly service: string | null;
	readonly environment: string | null;
}

export const nowhere: Target = { service: null, environment: null };

export const noLimits: TokenLimits = { scopes: null, services: null, environments: null };
/** Of a token whose row cannot be understood. */
export const nothing: TokenLimits = { scopes: [], services: [], environments: [] };

/** Does it matter to this token what a call names? */
export function isPlaced({ services, environments }: TokenLimits): boolean {
	return services !== null || environments !== null;
}

export function isScope(text: string): text is Scope {
	return (scopes as readonly string[]).includes(text);
}

const ofRole: Readonly<Record<Role, Scope>> = {
	viewer: "read",
	developer: "deploy",
	approver: "approve",
	operator: "operate",
	admin: "admin",
};

/** Where the least role says too little: a token that makes tokens could make itself a wider one. */
const ofProcedure: Readonly<Record<string, Scope>> = {
	"rollout.approve": "approve",
	"rollout.reject": "approve",
	"token.create": "admin",
	"token.revoke": "admin",
};

/** The scope that a procedure of this least role needs. */
export function scopeOf(procedure: string, leastRole: Role): Scope {
	return (Object.hasOwn(ofProcedure, procedure) ? ofProcedure[procedure] : undefined) ?? ofRole[leastRole];
}

/** About a repository, whatever else the input names: its pipelines build and deploy what stands in it, as after a push. */
const ofRepositories: readonly string[] = ["import.commit"];

/** Why a token with these limits may not do this, as a sentence; null = they do not forbid it. */
export function whyBeyond(limits: TokenLimits, procedure: string, needed: Scope, target: Target): string | null {
	const { scopes: given, services, environments } = limits;
	const { service, environment } = ofRepositories.includes(procedure) ? nowhere : target;
	const reads = needed === "read";
	if (given && !given.includes(needed) && !(reads && given.length > 0)) {
		return `${procedure} needs a token with the scope ${needed}; this one has ${given.join(", ") || "none"}. Make another token for it.`;
	}
	return (
		outside(procedure, "service", services, service, reads) ?? outside(procedure, "environment", environments, environment, reads)
	);
}

function outside(
	procedure: string,
	what: string,
	allowed: readonly string[] | null,
	named: string | null,
	reads: boolean,
): string | null {
	if (allowed === null || (named !== null && allowed.includes(named))) return null;
	const limit = `this token is limited to the ${what} ${allowed.join(", ") || "(none)"}`;
	if (named !== null) return `${procedure} of ${named}: ${limit}. Make another token for it.`;
	return reads ? null : `${procedure} is not about one ${what}, and ${limit}. Make another token for it.`;
}

/** Why a token with `limits` may not make one with `wish`, as a sentence; null = it is no wider. */
export function whyWider(limits: TokenLimits, wish: TokenLimits): string | null {
	const wider =
		exceeds("scope", limits.scopes, wish.scopes) ??
		exceeds("service", limits.services, wish.services) ??
		exceeds("environment", limits.environments, wish.environments);
	return wider && `A token makes no wider one: ${wider}.`;
}

function exceeds(what: string, own: readonly string[] | null, wish: readonly string[] | null): string | null {
	if (own === null) return null;
	if (wish === null) return `name its ${what}s, of ${own.join(", ")}`;
	const beyond = wish.filter((one) => !own.includes(one));
	return beyond.length === 0 ? null : `it has not the ${what} ${beyond.join(", ")} itself`;
}
