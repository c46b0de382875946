import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathsOf } from "@/domain/installation";
import type { Actor, Role } from "@/domain/roles";
import { createAuth } from "@/server/auth";
import { bootstrap } from "@/server/bootstrap";
import { createDeps } from "@/server/deps";
import { readEnv } from "@/server/env";
import { createHub } from "@/server/live/hub";
import type { Portal } from "@/server/portal";
import { scratchDatabase } from "@/server/store/testing/scratch-database";

export const administrator = { email: "admin@sluice.localhost", password: "only-for-this-test-0123456789" };

export interface TestPortal extends Portal {
	actor(role: Role): Actor;
	close(): Promise<void>;
}

/** A portal's inside on a database and a home of its own, bootstrapped as `up` does it. */
export async function openTestPortal(portBase = 27_900): Promise<TestPortal> {
	const scratch = await scratchDatabase();
	const home = mkdtempSync(join(tmpdir(), "sluice-portal-"));
	const paths = pathsOf(home);
	for (const folder of [paths.secrets, paths.run, paths.repositories]) mkdirSync(folder, { recursive: true });
	writeFileSync(paths.installation, JSON.stringify({ id: "test01", portBase, domain: "localhost", fleet: [] }));
	writeFileSync(paths.authSecret, "only-for-this-test-".repeat(3));
	writeFileSync(paths.administrator, JSON.stringify(administrator));
	const deps = createDeps(readEnv({ SLUICE_HOME: home, DATABASE_URL: scratch.url }), "test");
	await bootstrap(deps);
	const hub = createHub(scratch.url, deps.log);
	return {
		deps,
		auth: createAuth(deps),
		hub,
		actor: (role) => ({ kind: "user", id: role, name: role, role }),
		async close() {
			await hub.close();
			await deps.close();
			await scratch.drop();
			rmSync(home, { recursive: true, force: true });
		},
	};
}
