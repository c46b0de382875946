import { fingerprintOf, fingerprintOfSources } from "./fingerprint";
import { relayAddresses } from "./fleet/relay-addresses";
import { withServers } from "./servers";
import { ownEnvironment, ownProgram, type Setup, service } from "./setup";
import type { ComponentSpec } from "./supervisor/spec";

/** The hosts' door. It reads the addresses it listens on when it starts, so new ones restart it. */
export function relay(setup: Setup): ComponentSpec {
	const sources = fingerprintOfSources(setup.root, ["server", "domain", "adapters", "prisma", "package-lock.json"]);
	return service(setup, "relay", {
		argv: ownProgram(setup.root, "server/relay/main.ts"),
		env: ownEnvironment(setup),
		after: ["bootstrap"],
		ready: { kind: "announced", component: "relay" },
		fingerprint: withServers(setup, fingerprintOf([sources, relayAddresses(setup.home)])),
	});
}
