import { pathsOf } from "@/domain/installation";
import { port, type Setup, service } from "./setup";
import type { ComponentSpec } from "./supervisor/spec";
import { versions } from "./versions";

/** At the default of 20 polls a second and shard every activity costs 100 ms; with these 25 ms with history on disk. */
const dynamicConfig = ["history.transferProcessorMaxPollRPS=2000", "history.timerProcessorMaxPollRPS=2000"];

/** The official CLI's server, history on disk; it listens on loopback only, as it has neither TLS nor permissions. */
export function temporal(setup: Setup): ComponentSpec {
	const frontend = port(setup, "temporal");
	return service(setup, "temporal", {
		argv: [
			...[setup.programs.temporal, "server", "start-dev", "--ip", "127.0.0.1", "--port", String(frontend)],
			...["--ui-ip", "127.0.0.1", "--ui-port", String(port(setup, "temporalUi"))],
			...["--db-filename", pathsOf(setup.home).temporal, "--log-level", "warn", "--log-format", "json"],
			...dynamicConfig.flatMap((value) => ["--dynamic-config-value", value]),
		],
		ready: { kind: "tcp", port: frontend },
		fingerprint: `${versions.temporal.version}:${frontend}`,
	});
}
