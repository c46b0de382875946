import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { readInstallation } from "@/adapters/installation/read";
import { type OwnServers, readServers } from "@/adapters/installation/servers";
import { AppError } from "@/domain/errors";
import { type Installation, pathsOf, portOf } from "@/domain/installation";
import { ensureEngine } from "./docker-engine";
import { takeDown } from "./down";
import { underHomeLock } from "./home-lock";
import { bringUpHosts, prepareHosts } from "./hosts";
import { findInstallation, newInstallationId, type Wishes, wishedInstallation, writeInstallation } from "./installation";
import { joinedElsewhere, joinMachine } from "./joined";
import { recordHome } from "./kept-home";
import { obtainPackages, obtainPrograms } from "./obtain/programs";
import { preparePortal, removeOldPortals } from "./portal";
import { preparePostgres } from "./postgres";
import { preflight } from "./preflight";
import { say, step, together } from "./progress";
import { prepareRegistry } from "./registry";
import { wishedServers, writeServers } from "./servers";
import { checkout, type Setup } from "./setup";
import { specOfInstallation } from "./spec-of-installation";
import { applySpec, isSupervised, readStatus, waitReady } from "./supervisor/control";

const readyDeadlineMs = 120_000;

/**
 * Makes everything of an installation run. Each step looks first and can be run any number of times. In a home that is
 * only a host of a control plane elsewhere it runs that host, and answers false.
 */
export function bringUp(home: string, wishes: Wishes): Promise<boolean> {
	return underHomeLock(home, async () => {
		const kept = findInstallation(home);
		const joined = joinedElsewhere(home);
		if (kept === null && joined.length > 0) {
			for (const { name } of joined) await joinMachine(home, { name });
			return false;
		}
		const wished = wishedInstallation(kept, wishes, newInstallationId);
		const servers = wishedServers(readServers(home), wishes.servers ?? {});
		await preflight(home, kept, wished, servers, wishes.relayAddresses ?? []);
		const wasUp = isSupervised(readStatus(home, "installation"));
		try {
			await untilInterrupted((signal) => bringUpAll(home, wished, servers, signal));
		} catch (error) {
			// What ran before this `up` goes on running; what this one started is ended.
			if (!wasUp) await step("Stopping what was started", () => takeDown(home)).catch((second: unknown) => say(String(second)));
			throw error;
		}
		return true;
	});
}

async function bringUpAll(home: string, installation: Installation, servers: OwnServers, signal: AbortSignal): Promise<void> {
	writeInstallation(home, installation);
	writeServers(home, servers);
	recordHome(home, installation.id);
	const [programs] = await together([
		obtainPrograms(),
		obtainPackages(installation.fleet.length > 0).then(() =>
			step("Docker Engine", () => ensureEngine(`${pathsOf(home).logs}/engine.log`)),
		),
		step("Portal's build", (note) => preparePortal({ root: checkout, home }, note)),
	]);
	const setup: Setup = { root: checkout, home, installation, programs };
	if (readServers(home).databaseUrl === null) await step("Postgres' files", () => preparePostgres(setup));
	prepareRegistry(setup);
	const hosts = await step("Network", () => prepareHosts(setup));
	signal.throwIfAborted();
	const spec = specOfInstallation(setup, hosts.components);
	await step("Control plane", async () => {
		applySpec(checkout, spec);
		await waitReady(spec, readyDeadlineMs);
	});
	signal.throwIfAborted();
	removeOldPortals(setup);
	await bringUpHosts(setup, hosts);
}

/** Ctrl-C ends the waiting, and nothing is started after it. */
async function untilInterrupted(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
	const ending = new AbortController();
	const interrupted = new Promise<never>((_, reject) => {
		ending.signal.addEventListener("abort", () => reject(ending.signal.reason));
	});
	const stop = () => ending.abort(new AppError("unavailable", "Interrupted: run `sluice up` again to complete it."));
	process.once("SIGINT", stop);
	process.once("SIGTERM", stop);
	try {
		await Promise.race([work(ending.signal), interrupted]);
	} finally {
		process.off("SIGINT", stop);
		process.off("SIGTERM", stop);
	}
}

/** The last words of `up`: the first administrator's sign-in at the first time that succeeds, the address at every time. */
export function announce(home: string): void {
	const paths = pathsOf(home);
	const shown = `${paths.run}/administrator-shown`;
	if (!existsSync(shown)) {
		const { email, password } = JSON.parse(readFileSync(paths.administrator, "utf8")) as { email: string; password: string };
		say(
			`\nFirst administrator: ${email}\nPassword: ${password}\n(shown once; kept in ${paths.administrator}, which only you can read)\n`,
		);
		writeFileSync(shown, "");
	}
	say(`Sluice runs at http://localhost:${portOf(readInstallation(home).portBase, "portal")}`);
}
