import { type Actor, systemActor } from "@/domain/roles";

/** How a reflog names who pushed: the actor's kind and id as the address. */
export function pusherEmail(actor: Pick<Actor, "kind" | "id">): string {
	return `${actor.kind}+${actor.id}@sluice`;
}

/** Who pushed, from the reflog. An entry that is not ours is Sluice's own finding. */
export function pusherOf(entry: { name: string; email: string } | null): Pick<Actor, "kind" | "id" | "name"> {
	const match = /^(user|token)\+(.+)@sluice$/.exec(entry?.email ?? "");
	const kind = match?.[1];
	const id = match?.[2];
	if (!entry || !id || (kind !== "user" && kind !== "token")) return systemActor;
	return { kind, id, name: entry.name };
}
