import { type Actor, hasRole } from "@/domain/roles";

interface ConfiguredEnvironment {
	readonly name: string;
	readonly isPrimary: boolean;
}

/** Why this actor may not change configuration there, as a sentence; null = allowed. Production is an operator's. */
export function whyNotConfigure(actor: Pick<Actor, "role" | "name">, { name, isPrimary }: ConfiguredEnvironment): string | null {
	const needed = isPrimary || name === "production" ? "operator" : "developer";
	if (hasRole(actor, needed)) return null;
	return `Changing configuration in ${name} needs the role ${needed}; ${actor.name} is ${actor.role}. An administrator can change that.`;
}

/** Plain values are for those who build the service; secrets are for nobody. */
export function maySeeValues(actor: Pick<Actor, "role">): boolean {
	return hasRole(actor, "developer");
}
