import { mkdirSync } from "node:fs";
import { AppError } from "@/domain/errors";
import { pathsOf } from "@/domain/installation";
import { readJson, writeAtomically } from "./atomic-file";
import { command } from "./command";
import { checkout, port, type Setup, service } from "./setup";
import { applySpec, isSupervised, readStatus, waitReady } from "./supervisor/control";
import { type ComponentSpec, type SupervisorSpec, specFile } from "./supervisor/spec";
import { versions } from "./versions";

function configFile(home: string): string {
	return `${home}/registry.yml`;
}

function readOnlyConfigFile(home: string): string {
	return `${home}/registry-read-only.yml`;
}

/** JSON is YAML: the registry's configuration, on loopback only. */
export function prepareRegistry(setup: Setup): void {
	mkdirSync(pathsOf(setup.home).registry, { recursive: true });
	const config = {
		version: 0.1,
		log: { level: "warn", accesslog: { disabled: true } },
		storage: { filesystem: { rootdirectory: pathsOf(setup.home).registry }, delete: { enabled: true } },
		http: { addr: `127.0.0.1:${port(setup, "registry")}` },
	};
	writeAtomically(configFile(setup.home), JSON.stringify(config, null, "\t"));
	const maintenance = { readonly: { enabled: true } };
	const readOnly = { ...config, storage: { ...config.storage, maintenance } };
	writeAtomically(readOnlyConfigFile(setup.home), JSON.stringify(readOnly, null, "\t"));
}

export function registry(setup: Setup): ComponentSpec {
	return service(setup, "registry", {
		argv: [setup.programs.registry, "serve", configFile(setup.home)],
		// The library behind it calls home for traces unless told not to.
		env: { OTEL_TRACES_EXPORTER: "none" },
		ready: { kind: "http", url: `http://127.0.0.1:${port(setup, "registry")}/v2/` },
		fingerprint: `${versions.registry.version}:${port(setup, "registry")}`,
	});
}

const readyDeadlineMs = 60_000;
const readOnlyMark = ":read-only";

function specOfRunning(home: string): SupervisorSpec | null {
	return readJson<SupervisorSpec>(specFile(home, "installation"));
}

/** Was it left read-only by a clean-up that was killed? */
export function isReadOnly(home: string): boolean {
	return specOfRunning(home)?.components.some(({ fingerprint }) => fingerprint.endsWith(readOnlyMark)) ?? false;
}

/**
 * Frees the disk of blobs that no image names. A push that goes on meanwhile could name a blob just before it is
 * removed, so for that time the registry takes none: it is started anew read-only, and anew as it was, whatever
 * happens. Pulls go on but for the two starts. Call it under the home's lock.
 */
export async function collectGarbage(home: string): Promise<void> {
	const spec = specOfRunning(home);
	const own = spec?.components.find(({ name }) => name === "registry");
	if (!spec || !own || !isSupervised(readStatus(home, "installation")))
		throw new AppError("unavailable", `The image registry of ${home} does not run: \`sluice up\` starts it.`);
	const fingerprint = own.fingerprint.replaceAll(readOnlyMark, "");
	const [program = ""] = own.argv;
	const withRegistry = (config: string, mark: string): SupervisorSpec => {
		const registry = { ...own, argv: [program, "serve", config], fingerprint: `${fingerprint}${mark}` };
		return { ...spec, components: spec.components.map((one) => (one.name === "registry" ? registry : one)) };
	};
	const start = async (wanted: SupervisorSpec) => {
		applySpec(checkout, wanted);
		await waitReady(wanted, readyDeadlineMs, ["registry"]);
	};
	try {
		// It calls a registry that nobody ever pushed to broken.
		for (const part of ["blobs", "repositories"])
			mkdirSync(`${pathsOf(home).registry}/docker/registry/v2/${part}`, { recursive: true });
		await start(withRegistry(readOnlyConfigFile(home), readOnlyMark));
		await command("Removing blobs that no image names", [program, "garbage-collect", configFile(home)], {
			env: { ...process.env, ...own.env },
		});
	} finally {
		await start(withRegistry(configFile(home), ""));
	}
}
