import { AppError } from "@/domain/errors";
import { nowhere, type Scope, scopeOf, type Target, whyBeyond } from "@/domain/policy/scope";
import { type Actor, hasRole, type Role } from "@/domain/roles";

/** The least role of every procedure. What is not here is refused: a new procedure works for nobody until it is listed. */
const leastRoles: Readonly<Record<string, Role>> = {
	"session.me": "viewer",
	"service.list": "viewer",
	"service.count": "viewer",
	"service.get": "viewer",
	"release.list": "viewer",
	"release.provenance": "viewer",
	"release.compare": "viewer",
	"gateway.routes": "viewer",
	"rollout.list": "viewer",
	"rollout.get": "viewer",
	"rollout.deploy": "developer",
	"rollout.abort": "developer",
	"rollout.promote": "developer",
	"rollout.pause": "developer",
	"rollout.resume": "developer",
	// The plan names the least role of who decides; the rollout's own gate asks for it.
	"rollout.approve": "developer",
	"rollout.reject": "developer",
	"rollout.edit": "developer",
	"rollout.retry": "developer",
	"rollout.rollback": "developer",
	"rollout.inbox": "viewer",
	"environment.matrix": "viewer",
	"freeze.list": "viewer",
	"freeze.create": "operator",
	"freeze.end": "operator",
	"service.scale": "developer",
	"service.restart": "developer",
	"service.stop": "developer",
	"manifest.check": "viewer",
	"repository.list": "viewer",
	"repository.create": "developer",
	"import.propose": "viewer",
	"import.check": "viewer",
	"import.look": "developer",
	"import.fetch": "developer",
	"import.commit": "developer",
	"measurement.list": "viewer",
	"pipeline.list": "viewer",
	"pipeline.get": "viewer",
	"pipeline.log": "viewer",
	"pipeline.cancel": "developer",
	// What a service writes may name people: not for everybody who may look.
	"log.read": "developer",
	"log.instances": "developer",
	"host.list": "viewer",
	"host.createJoinToken": "operator",
	"host.declareLost": "operator",
	"config.get": "viewer",
	"config.history": "viewer",
	"config.diff": "viewer",
	/** Production asks for more: domain/config/gate.ts. */
	"config.set": "developer",
	"host.drain": "operator",
	"host.undrain": "operator",
	"host.remove": "operator",
	"volume.list": "viewer",
	"volume.remove": "operator",
	"audit.list": "operator",
	"audit.export": "operator",
	"audit.verify": "admin",
	"platform.status": "viewer",
	"baseImage.list": "viewer",
	"live.follow": "viewer",
	"template.list": "viewer",
	"template.preview": "viewer",
	"scaffold.get": "viewer",
	"scaffold.start": "developer",
	"scaffold.cancel": "developer",
	"token.create": "viewer",
	"token.list": "viewer",
	"token.revoke": "viewer",
	"user.list": "admin",
	"user.invite": "admin",
	"user.revokeInvitation": "admin",
	"user.setRole": "admin",
	"user.disable": "admin",
	"user.enable": "admin",
	// Addresses that may be secrets of their receivers, and doors from outside: not for everybody who may look.
	"webhook.list": "operator",
	"webhook.create": "operator",
	"webhook.rotate": "operator",
	"webhook.test": "operator",
	"webhook.disable": "operator",
	"webhook.enable": "operator",
	"webhook.remove": "operator",
	"webhook.deliveries": "operator",
	"webhook.delivery": "operator",
	"webhook.redeliver": "operator",
	"hook.list": "operator",
	"hook.create": "operator",
	"hook.remove": "operator",
	"git.fetch": "viewer",
	"git.push": "developer",
};

export const procedures: readonly string[] = Object.keys(leastRoles);

/** What a procedure asks for; null = it is allowed to nobody. */
export function needsOf(procedure: string): { readonly role: Role; readonly scope: Scope } | null {
	const role = Object.hasOwn(leastRoles, procedure) ? leastRoles[procedure] : undefined;
	return role ? { role, scope: scopeOf(procedure, role) } : null;
}

/** Why this actor may not do this, as a sentence; null = allowed. `target` is what the call names, for a token that is limited. */
export function whyNot(
	actor: Pick<Actor, "role" | "name" | "token">,
	procedure: string,
	target: Target = nowhere,
): string | null {
	const needed = needsOf(procedure);
	if (!needed) return `${procedure} is allowed to nobody.`;
	const { role, scope } = needed;
	if (!hasRole(actor, role)) {
		return `${procedure} needs the role ${role}; ${actor.name} is ${actor.role}. An administrator can change that.`;
	}
	return actor.token ? whyBeyond(actor.token.limits, procedure, scope, target) : null;
}

/** Throws `unauthenticated` without an actor and `forbidden` with one that may not. */
export function allow(actor: Actor | null, procedure: string, target: Target = nowhere): Actor {
	if (!actor) throw new AppError("unauthenticated", "Sign in, or give a valid API token.");
	const refusal = whyNot(actor, procedure, target);
	if (refusal) throw new AppError("forbidden", refusal);
	return actor;
}
