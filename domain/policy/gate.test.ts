import { expect, test } from "vitest";
import { allow, procedures, whyNot } from "@/domain/policy/gate";
import { type Actor, type Role, roles } from "@/domain/roles";

const actor = (role: Role): Actor => ({ kind: "user", id: "1", name: "someone", role });

test("nobody may do anything without being known", () => {
	for (const procedure of procedures) expect(() => allow(null, procedure)).toThrow("Sign in");
});

test("a procedure that is not listed is refused, to administrators too, also by the names of object properties", () => {
	for (const name of ["service.remove", "constructor", "__proto__", "toString", ""]) {
		expect(whyNot(actor("admin"), name)).toContain("nobody");
	}
});

test("each role may do exactly what its rank allows", () => {
	const allowed = Object.fromEntries(roles.map((role) => [role, procedures.filter((name) => !whyNot(actor(role), name))]));
	expect(allowed.admin).toEqual(procedures);
	expect(procedures.filter((name) => !allowed.operator?.includes(name))).toEqual([]);
	expect(procedures.filter((name) => !allowed.developer?.includes(name)).sort()).toEqual(
		["audit.list", "host.createJoinToken", "host.declareLost", "host.drain", "host.undrain", "host.remove"].sort(),
	);
	expect(procedures.filter((name) => allowed.developer?.includes(name) && !allowed.viewer?.includes(name)).sort()).toEqual(
		["git.push", "pipeline.cancel", "repository.create", "rollout.abort", "rollout.deploy"].sort(),
	);
});
