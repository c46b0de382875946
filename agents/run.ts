import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { promisify } from "node:util";
import Docker from "dockerode";
import type { Log } from "@/adapters/log/log";
import { isPaired } from "@/domain/envoy/pair";
import { AppError } from "@/domain/errors";
import type { HostConfig, HostReport } from "@/domain/host/model";
import { socketDirectory } from "@/domain/installation";
import { Converger } from "./converger";
import { readDurable } from "./durable";
import { handOver } from "./envoy/hand-over";
import { createTrafficPlane } from "./envoy/plane";
import { Fetcher } from "./fetcher";
import { filesOf } from "./files";
import { startForwarder } from "./forwarder";
import { ImageCleanup } from "./image-cleanup";
import { LogShipper } from "./logs/shipper";
import { Names } from "./names";
import { RelayClient } from "./relay/client";
import { followHints } from "./relay/hints";
import { MeasurementReporter } from "./relay/measurement-reporter";
import { keepRenewed } from "./relay/renewal";
import { Reporter } from "./relay/reporter";
import { SecretFiles } from "./secret-files";

/**
 * The agent: Envoys are fed from disk, containers converged from disk, and only then the relay is asked, for ever.
 * Needs nothing but this machine to keep what runs running. Returns how to stop; containers and Envoys are left alone.
 */
export async function run(directory: string, log: Log): Promise<() => Promise<void>> {
	const files = filesOf(directory);
	const host = readDurable<HostConfig>(files.host);
	if (!host) throw new AppError("unavailable", `${directory} holds no host: run \`sluice host join\` first.`);
	mkdirSync(socketDirectory(host.installation, host.name), { recursive: true });
	await routeVirtualAddresses();
	if (isPaired(host)) handOver(log);

	const plane = createTrafficPlane({ host, directory, envoy: process.env.SLUICE_ENVOY ?? null, log });
	await plane.start();

	const relay = new RelayClient(host.relay, files);
	const names = new Names(files.names, log);
	const bootId = randomUUID();
	const report = (): HostReport => ({ bootId, ...converger.report(), proxies: plane.report() });
	const reporter = new Reporter(relay, report, log);
	const measurements = new MeasurementReporter(relay, (nowMs) => plane.takeMeasurements(nowMs), log);
	const onChange = () => reporter.changed();
	const engine = new Docker({ socketPath: host.dockerSocket });
	const secretFiles = new SecretFiles(`${socketDirectory(host.installation, host.name)}/secrets`);
	const logs = new LogShipper({ engine, relay, file: files.logPositions, log });
	const converger = new Converger({ engine, host, names, relay, secretFiles, logs, log, onChange });
	const images = new ImageCleanup(engine, host, log);
	const fetcher = new Fetcher({
		files,
		relay,
		log,
		onDesired: (desired) => {
			converger.apply(desired);
			images.apply(desired);
		},
		onTraffic: (snapshot) => {
			names.apply(snapshot);
			plane.apply(snapshot);
		},
	});
	const forwarder = startForwarder(host.forwarderPort, relay, log);
	converger.start();
	fetcher.start();
	images.start();
	plane.onChange(onChange);
	const stopHints = followHints(relay, (hint) => fetcher.hint(hint), log);
	const stopRenewal = keepRenewed(host.name, files, relay, log);
	reporter.start();
	measurements.start();
	log.info({ host: host.name, roles: host.roles }, "the agent runs");

	return async () => {
		stopHints();
		stopRenewal();
		reporter.stop();
		measurements.stop();
		fetcher.stop();
		converger.stop();
		logs.stop();
		images.stop();
		names.stop();
		forwarder.close();
		forwarder.closeAllConnections();
		await plane.stop();
	};
}

/** Packets to a service's virtual address end on this machine, where Envoy listens. */
async function routeVirtualAddresses(): Promise<void> {
	await promisify(execFile)("ip", ["route", "replace", "local", "10.254.0.0/16", "dev", "lo"]);
}
