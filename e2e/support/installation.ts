import { readFileSync } from "node:fs";
import { readInstallation, readSecret } from "@/adapters/installation/read";
import { pathsOf, portOf } from "@/domain/installation";

/** The installation under test; `sluice test` names its home. */
export function home(): string {
	const value = process.env.SLUICE_HOME;
	if (value === undefined || value === "")
		throw new Error("SLUICE_HOME is not set: run the browser tests by `./sluice test e2e`.");
	return value;
}

export function portalAddress(): string {
	return `http://localhost:${portOf(readInstallation(home()).portBase, "portal")}`;
}

export function gatewayPort(): number {
	return portOf(readInstallation(home()).portBase, "gateway");
}

export function domain(): string {
	return readInstallation(home()).domain;
}

export function apiToken(): string {
	return readSecret(pathsOf(home()).apiToken);
}

export function administrator(): { email: string; password: string } {
	return JSON.parse(readFileSync(pathsOf(home()).administrator, "utf8")) as { email: string; password: string };
}

export function registryAddress(): string {
	return `127.0.0.1:${portOf(readInstallation(home()).portBase, "registry")}`;
}

export function installationId(): string {
	return readInstallation(home()).id;
}

/** Where every host's own engine pulls from. */
export function forwarderAddress(): string {
	return `127.0.0.1:${portOf(readInstallation(home()).portBase, "forwarder")}`;
}
