import { fingerprintOfSources } from "../fingerprint";
import { withServers } from "../servers";
import { ownEnvironment, ownProgram, type Setup, service } from "../setup";
import type { ComponentSpec } from "../supervisor/spec";

function task(setup: Setup, name: string, file: string, after: readonly string[], sources: readonly string[]): ComponentSpec {
	return service(setup, name, {
		kind: "task",
		argv: ownProgram(setup.root, file),
		env: ownEnvironment(setup),
		after,
		ready: { kind: "running" },
		fingerprint: withServers(setup, fingerprintOfSources(setup.root, [file, ...sources])),
	});
}

/** Steps between the back-ends and our own processes; each can be run any number of times. */
export function tasks(setup: Setup, has: { postgres: boolean; temporal: boolean }): ComponentSpec[] {
	return [
		task(setup, "database", "platform/tasks/database.ts", has.postgres ? ["postgres"] : [], ["prisma"]),
		task(setup, "temporal-namespace", "platform/tasks/temporal-namespace.ts", has.temporal ? ["temporal"] : [], []),
		task(setup, "bootstrap", "server/bootstrap.ts", ["database"], ["server", "domain"]),
	];
}
