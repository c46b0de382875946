import { mkdirSync } from "node:fs";
import { pathsOf } from "@/domain/installation";
import { writeAtomically } from "./atomic-file";
import { port, type Setup, service } from "./setup";
import type { ComponentSpec } from "./supervisor/spec";
import { versions } from "./versions";

function configFile(setup: Setup): string {
	return `${setup.home}/registry.yml`;
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
	writeAtomically(configFile(setup), JSON.stringify(config, null, "\t"));
}

export function registry(setup: Setup): ComponentSpec {
	return service(setup, "registry", {
		argv: [setup.programs.registry, "serve", configFile(setup)],
		// The library behind it calls home for traces unless told not to.
		env: { OTEL_TRACES_EXPORTER: "none" },
		ready: { kind: "http", url: `http://127.0.0.1:${port(setup, "registry")}/v2/` },
		fingerprint: `${versions.registry.version}:${port(setup, "registry")}`,
	});
}
