import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { readInstallation } from "@/adapters/installation/read";
import { portOf } from "@/domain/installation";
import { readJson } from "./atomic-file";
import { requireRoot } from "./preflight";
import { say } from "./progress";
import { checkout, ownEnvironment } from "./setup";
import { isSupervised, readStatus, waitReady, writeSpec } from "./supervisor/control";
import { type SupervisorSpec, specFile } from "./supervisor/spec";
import { until } from "./wait";

/**
 * `npm run dev`: pages that follow the source, in the place of the portal of an installation that runs (`./sluice up`);
 * all else is that installation's. Its own portal comes back at the end.
 */
const deadlineMs = 60_000;

async function dev(home: string): Promise<void> {
	requireRoot(process.getuid?.());
	const spec = readJson<SupervisorSpec>(specFile(home, "installation"));
	if (!spec || !isSupervised(readStatus(home, "installation"))) {
		throw new Error(`Nothing runs in ${home}: run \`./sluice up\` first.`);
	}
	const port = String(portOf(readInstallation(home).portBase, "portal"));
	const withoutPortal = { ...spec, components: spec.components.filter(({ name }) => name !== "portal") };
	try {
		writeSpec(withoutPortal);
		await until("the portal ends", deadlineMs, () => {
			const portal = readStatus(home, "installation")?.components.find(({ name }) => name === "portal");
			return portal === undefined || portal.process === null;
		});
		await runNext(home, port);
	} finally {
		writeSpec(spec);
		await waitReady(spec, deadlineMs, ["portal"]);
		say("The installation's own portal is back.");
	}
}

/** Until Ctrl-C, which Next gets too. */
function runNext(home: string, port: string): Promise<void> {
	const argv = [`${checkout}/node_modules/next/dist/bin/next`, "dev", "--port", port, "--hostname", "127.0.0.1"];
	const env = { ...process.env, ...ownEnvironment({ root: checkout, home }), NODE_ENV: "development" as const };
	const child = spawn(process.execPath, argv, { cwd: checkout, env, stdio: "inherit" });
	process.on("SIGINT", () => undefined);
	process.on("SIGTERM", () => child.kill("SIGTERM"));
	return new Promise((done, reject) => {
		child.once("error", reject);
		child.once("exit", () => done());
	});
}

dev(process.env.SLUICE_HOME ? resolve(process.env.SLUICE_HOME) : `${checkout}/.sluice`).catch((error: unknown) => {
	say(error instanceof Error ? error.message : String(error));
	process.exit(1);
});
