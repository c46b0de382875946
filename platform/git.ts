import { fingerprintOfSources } from "./fingerprint";
import { withServers } from "./servers";
import { ownEnvironment, ownProgram, type Setup, service } from "./setup";
import type { ComponentSpec } from "./supervisor/spec";

export function git(setup: Setup): ComponentSpec {
	return service(setup, "git", {
		argv: ownProgram(setup.root, "server/git/main.ts"),
		env: ownEnvironment(setup),
		after: ["bootstrap"],
		ready: { kind: "announced", component: "git" },
		fingerprint: withServers(
			setup,
			fingerprintOfSources(setup.root, ["server", "domain", "adapters", "prisma", "package-lock.json"]),
		),
	});
}
