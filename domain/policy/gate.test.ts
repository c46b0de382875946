import { expect, test } from "vitest";
import { allow, procedures, whyNot } from "@/domain/policy/gate";
import { type Actor, hasRole, type Role, roles } from "@/domain/roles";

const actor = (role: Role): Actor => ({ kind: "user", id: "1", name: "someone", role });

test("nobody may do anything without being known", () => {
	for (const procedure of procedures) expect(() => allow(null, procedure)).toThrow("Sign in");
});

test("a procedure that is not listed is refused, to administrators too, also by the names of object properties", () => {
	for (const name of ["service.remove", "constructor", "__proto__", "toString", ""]) {
		expect(whyNot(actor("admin"), name)).toContain("nobody");
	}
});

test("the ladder is viewer, developer, approver, operator, admin", () => {
	expect(roles).toEqual(["viewer", "developer", "approver", "operator", "admin"]);
	expect(hasRole(actor("approver"), "developer")).toBe(true);
	expect(hasRole(actor("developer"), "approver")).toBe(false);
	expect(hasRole(actor("approver"), "operator")).toBe(false);
});

test("each role may do exactly what its rank allows", () => {
	const allowed = Object.fromEntries(roles.map((role) => [role, procedures.filter((name) => !whyNot(actor(role), name))]));
	expect(allowed.admin).toEqual(procedures);
	const ofAdministrators = [
		"audit.verify",
		"user.disable",
		"user.enable",
		"user.invite",
		"user.list",
		"user.revokeInvitation",
		"user.setRole",
	];
	expect(procedures.filter((name) => !allowed.operator?.includes(name)).sort()).toEqual(ofAdministrators);
	expect(procedures.filter((name) => allowed.approver?.includes(name) && !allowed.developer?.includes(name))).toEqual([]);
	expect(procedures.filter((name) => !allowed.approver?.includes(name)).sort()).toEqual(
		[
			"audit.export",
			"audit.list",
			"freeze.create",
			"freeze.end",
			"host.createJoinToken",
			"host.declareLost",
			"host.drain",
			"host.undrain",
			"host.remove",
			"volume.remove",
			...["create", "rotate", "test", "disable", "enable", "remove", "redeliver"].map((verb) => `webhook.${verb}`),
			...["webhook.list", "webhook.deliveries", "webhook.delivery", "hook.list", "hook.create", "hook.remove"],
			...ofAdministrators,
		].sort(),
	);
	const ofDevelopers = procedures.filter((name) => allowed.developer?.includes(name) && !allowed.viewer?.includes(name));
	const verbs = ["abort", "approve", "deploy", "edit", "pause", "promote", "reject", "resume", "retry", "rollback"];
	expect(ofDevelopers.sort()).toEqual(
		[
			...[
				"config.set",
				"git.push",
				"import.commit",
				"import.fetch",
				"import.look",
				"log.instances",
				"log.read",
				"pipeline.cancel",
				"repository.create",
				"scaffold.cancel",
				"scaffold.start",
				"service.restart",
				"service.scale",
				"service.stop",
			],
			...verbs.map((verb) => `rollout.${verb}`),
		].sort(),
	);
});
