import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { procedures, whyNot } from "@/domain/policy/gate";
import { isScope, noLimits, nothing, type Scope, scopes, type TokenLimits, whyWider } from "@/domain/policy/scope";
import { targetOf } from "@/domain/policy/target";
import type { Role } from "@/domain/roles";

const holder = (limits: TokenLimits, role: Role = "admin") => ({ name: "ci", role, token: { id: "t1", limits } });
const only = (...given: Scope[]) => holder({ ...noLimits, scopes: given });
const may = (actor: Parameters<typeof whyNot>[0], input?: unknown) =>
	procedures.filter((name) => whyNot(actor, name, targetOf(input)) === null);

describe("the scope of a token", () => {
	it("without limits it may what its role may", () => {
		expect(may(holder(noLimits))).toEqual(procedures);
		expect(may(holder(noLimits, "viewer"))).toEqual(may({ name: "v", role: "viewer" }));
	});

	it("never gives more than the role", () => {
		const limits = { ...noLimits, scopes: [...scopes] };
		expect(may(holder(limits, "viewer")).every((name) => whyNot({ name: "v", role: "viewer" }, name) === null)).toBe(true);
	});

	it("one that reads changes nothing: every procedure it may is open to a viewer", () => {
		const readable = may(only("read"));
		expect(readable).toContain("rollout.get");
		expect(readable.filter((name) => whyNot({ name: "v", role: "viewer" }, name) !== null)).toEqual([]);
		expect(readable).not.toContain("token.create");
	});

	it("one that deploys does not approve, one that approves does not deploy, and neither makes tokens", () => {
		expect(may(only("deploy"))).toEqual(expect.arrayContaining(["rollout.deploy", "rollout.abort", "git.push", "service.get"]));
		expect(may(only("deploy"))).not.toContain("rollout.approve");
		expect(may(only("approve"))).toEqual(expect.arrayContaining(["rollout.approve", "rollout.reject", "rollout.get"]));
		expect(may(only("approve"))).not.toContain("rollout.deploy");
		for (const scope of scopes.filter((one) => one !== "admin")) expect(may(only(scope))).not.toContain("token.create");
		expect(whyNot(only("deploy"), "rollout.approve")).toBe(
			"rollout.approve needs a token with the scope approve; this one has deploy. Make another token for it.",
		);
	});

	it("a row that cannot be understood allows nothing", () => {
		expect(may(holder(nothing), { service: "orders", environment: "staging" })).toEqual([]);
	});
});

describe("a token limited to services or environments", () => {
	const limited = holder({ scopes: null, services: ["orders"], environments: ["staging"] });
	const here = { service: "orders", environment: "staging" };

	it("changes what it names, and nothing beside", () => {
		expect(whyNot(limited, "rollout.deploy", targetOf({ ...here, release: 1 }))).toBeNull();
		expect(whyNot(limited, "rollout.deploy", targetOf({ ...here, service: "carts" }))).toContain("limited to the service orders");
		expect(whyNot(limited, "rollout.deploy", targetOf({ ...here, environment: "production" }))).toContain(
			"limited to the environment staging",
		);
		expect(whyNot(limited, "rollout.get", targetOf({ ...here, service: "carts", number: 1 }))).toContain("carts");
		expect(whyNot(limited, "service.list", targetOf({}))).toBeNull();
	});

	it("changes nothing that is not about one service: no push, no host, no token, no person", () => {
		const changed = may(limited, {}).filter((name) => whyNot(only("read"), name) !== null);
		expect(changed).toEqual([]);
		expect(whyNot(limited, "git.push")).toContain("not about one service");
		// Its manifest names the service, and it is a push all the same.
		expect(whyNot(limited, "import.commit", here)).toContain("not about one service");
	});

	it("is not led astray by a manifest of another service, nor by words that are no words", () => {
		const manifest = (name: string) =>
			[
				"apiVersion: backstage.io/v1alpha1\nkind: Component",
				"metadata: { name: NAME }\nspec: { type: service, lifecycle: production, owner: team }\n---",
				"apiVersion: score.dev/v1b1\nmetadata: { name: NAME }",
				"service: { ports: { http: { port: 8080 } } }\ncontainers: { main: { image: . } }\n---",
				"apiVersion: sluice.dev/v1\nkind: Delivery\nmetadata: { name: NAME }\nenvironments: { staging: {} }\n",
			]
				.join("\n")
				.replaceAll("NAME", name);
		const asked = (name: string, beside: object = {}) => {
			try {
				return targetOf({ manifest: manifest(name), file: "sluice.yaml", environment: "staging", ...beside }).service;
			} catch (error) {
				return String(error);
			}
		};
		expect(asked("carts")).toBe("carts");
		// Without an image the schema would read this as a deploy of release 1 of carts.
		expect(asked("orders", { service: "carts", release: 1 })).toContain("name one service");
		for (const service of [["orders"], { toString: () => "orders" }, 7, null]) {
			expect(whyNot(limited, "service.stop", targetOf({ ...here, service }))).not.toBeNull();
		}
		expect(whyNot(limited, "service.stop", targetOf(Object.create(here)))).not.toBeNull();
	});
});

it("a token makes no wider one", () => {
	const words = fc.option(fc.subarray(["a", "b", "c"]));
	const limits = fc.record({ scopes: fc.option(fc.subarray([...scopes])), services: words, environments: words });
	fc.assert(
		fc.property(limits, limits, (own, wish) => {
			const covers = (mine: readonly string[] | null, theirs: readonly string[] | null) =>
				mine === null || (theirs?.every((word) => mine.includes(word)) ?? false);
			const isNarrower =
				covers(own.scopes, wish.scopes) && covers(own.services, wish.services) && covers(own.environments, wish.environments);
			expect(whyWider(own, wish) === null).toBe(isNarrower);
		}),
	);
	expect(whyWider({ ...noLimits, scopes: ["admin"] }, noLimits)).toContain("name its scopes");
	expect(isScope("root")).toBe(false);
});
