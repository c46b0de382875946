import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { type Installation, pathsOf, portOf } from "@/domain/installation";
import { ensureEngine } from "./docker-engine";
import { takeDown } from "./down";
import { underHomeLock } from "./home-lock";
import { findInstallation, newInstallationId, type Wishes, wishedInstallation, writeInstallation } from "./installation";
import { obtainPackages, obtainPrograms } from "./obtain/programs";
import { preparePortal, removeOldPortals } from "./portal";
import { preparePostgres } from "./postgres";
import { preflight } from "./preflight";
import { say, step, together } from "./progress";
import { prepareRegistry } from "./registry";
import { checkout, type Setup } from "./setup";
import { specOfInstallation } from "./spec-of-installation";
import { applySpec, isSupervised, readStatus, waitReady } from "./supervisor/control";

const readyDeadlineMs = 120_000;

/** Makes everything of an installation run. Each step looks first and can be run any number of times. */
export function bringUp(home: string, wishes: Wishes): Promise<void> {
	return underHomeLock(home, async () => {
		const kept = findInstallation(home);
		const wished = wishedInstallation(kept, wishes, newInstallationId);
		await preflight(home, kept, wished);
		const wasUp = isSupervised(readStatus(home, "installation"));
		try {
			await bringUpAll(home, wished);
		} catch (error) {
			// What ran before this `up` goes on running; what this one started is ended.
			if (!wasUp) await step("Stopping what was started", () => takeDown(home)).catch((second: unknown) => say(String(second)));
			throw error;
		}
		showAdministratorOnce(home);
		say(`Sluice runs at http://localhost:${portOf(wished.portBase, "portal")}`);
	});
}

async function bringUpAll(home: string, installation: Installation): Promise<void> {
	writeInstallation(home, installation);
	const [programs] = await together([
		obtainPrograms(),
		obtainPackages(installation.fleet.length > 0).then(() =>
			step("Docker Engine", () => ensureEngine(`${pathsOf(home).logs}/engine.log`)),
		),
		existsSync(`${checkout}/app/api/health`)
			? step("Portal's build", (note) => preparePortal({ root: checkout, home }, note))
			: Promise.resolve(),
	]);
	const setup: Setup = { root: checkout, home, installation, programs };
	if (process.env.DATABASE_URL === undefined) await step("Postgres' files", () => preparePostgres(setup));
	prepareRegistry(setup);
	const { prepareHosts, bringUpHosts } = existsSync(`${checkout}/agents/main.ts`)
		? await import("./hosts")
		: { prepareHosts: null, bringUpHosts: null };
	const hosts = prepareHosts ? await step("Network", () => prepareHosts(setup)) : { all: [], components: [] };
	const spec = specOfInstallation(setup, hosts.components);
	await step("Control plane", async () => {
		applySpec(checkout, spec);
		await waitReady(spec, readyDeadlineMs);
	});
	removeOldPortals(setup);
	await bringUpHosts?.(setup, hosts);
}

/** The first administrator's sign-in is shown at the first `up` that succeeds, and never again. */
function showAdministratorOnce(home: string): void {
	const paths = pathsOf(home);
	const shown = `${paths.run}/administrator-shown`;
	if (existsSync(shown)) return;
	const { email, password } = JSON.parse(readFileSync(paths.administrator, "utf8")) as { email: string; password: string };
	say(
		`\nFirst administrator: ${email}\nPassword: ${password}\n(shown once; kept in ${paths.administrator}, which only you can read)\n`,
	);
	writeFileSync(shown, "");
}
