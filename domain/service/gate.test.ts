import { describe, expect, it } from "vitest";
import { type ServiceFacts, serviceVerbs, whyNotServiceVerb } from "@/domain/service/gate";

const running: ServiceFacts = { service: "orders", environment: "staging", isDeployed: true, declared: 2 };

describe("a service's verbs", () => {
	it("are all allowed where it runs, and none where it was never deployed", () => {
		expect(serviceVerbs.map((verb) => whyNotServiceVerb(verb, running))).toEqual([null, null, null]);
		for (const verb of serviceVerbs)
			expect(whyNotServiceVerb(verb, { ...running, isDeployed: false })).toMatch(/never deployed to staging/);
	});

	it("leave a stopped service only to be scaled up", () => {
		const refused = serviceVerbs.filter((verb) => whyNotServiceVerb(verb, { ...running, declared: 0 }) !== null);
		expect(refused).toEqual(["restart", "stop"]);
	});
});
