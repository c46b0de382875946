import { fingerprintOfSources } from "./fingerprint";
import { withServers } from "./servers";
import { ownEnvironment, ownProgram, type Setup, service } from "./setup";
import type { ComponentSpec } from "./supervisor/spec";

/** The Temporal worker. It is given time to finish its activities: what it does not finish, the next one does. */
export function worker(setup: Setup): ComponentSpec {
	return service(setup, "worker", {
		argv: ownProgram(setup.root, "workflows/worker.ts"),
		env: ownEnvironment(setup),
		after: ["database", "temporal-namespace"],
		ready: { kind: "announced", component: "worker" },
		stop: { signal: "SIGTERM", deadlineMs: 20_000 },
		fingerprint: withServers(
			setup,
			fingerprintOfSources(setup.root, ["workflows", "server", "domain", "adapters", "prisma", "package-lock.json"]),
		),
	});
}
