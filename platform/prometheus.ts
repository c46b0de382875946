import { mkdirSync } from "node:fs";
import { writeAtomically } from "./atomic-file";
import { fingerprintOf } from "./fingerprint";
import { port, type Setup, service } from "./setup";
import type { ComponentSpec } from "./supervisor/spec";
import { versions } from "./versions";

const keptDays = 7;

/** JSON is YAML. It asks the relay, which has what the agents count, and itself. */
function configuration(setup: Setup): object {
	const job = (name: string, address: number) => ({
		job_name: name,
		static_configs: [{ targets: [`127.0.0.1:${address}`] }],
	});
	return {
		global: { scrape_interval: "5s", external_labels: { installation: setup.installation.id } },
		scrape_configs: [job("sluice", port(setup, "metrics")), job("prometheus", port(setup, "prometheus"))],
	};
}

/** Charts of what the proxies count; verdicts of rollouts are made from Postgres and need nothing of it. null = it could not be fetched. */
export function prometheus(setup: Setup): ComponentSpec | null {
	const program = setup.programs.prometheus;
	if (program === null) return null;
	const folder = `${setup.home}/prometheus`;
	const address = `127.0.0.1:${port(setup, "prometheus")}`;
	const config = configuration(setup);
	mkdirSync(folder, { recursive: true });
	writeAtomically(`${folder}/prometheus.yml`, JSON.stringify(config, null, "\t"));
	return service(setup, "prometheus", {
		argv: [
			...[program, `--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`],
			...[`--web.listen-address=${address}`, `--storage.tsdb.retention.time=${keptDays}d`, "--log.level=warn"],
		],
		ready: { kind: "http", url: `http://${address}/-/ready` },
		fingerprint: fingerprintOf([versions.prometheus.version, config]),
		isOptional: true,
	});
}
