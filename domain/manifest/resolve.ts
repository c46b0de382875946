import { parseReference, usesConfig } from "@/domain/config/reference";
import type { DeliveryDocument, Documents, EnvironmentSettings, WorkloadDocument } from "@/domain/manifest/documents";
import { imageOf } from "@/domain/manifest/image";
import type { Manifest, Reference, References, WorkloadSpec } from "@/domain/manifest/model";
import { bytesOf, cpusOf, millisecondsOf } from "@/domain/manifest/quantity";
import { analysisOf, approvalOf, strategyOf } from "@/domain/manifest/resolve-strategy";
import { volumesOf } from "@/domain/manifest/volumes";
import type { HealthCheck } from "@/domain/traffic/model";

/** What is meant where nothing is said. */
export const defaults = {
	memory: "256Mi",
	cpu: 0.5,
	instances: 1,
	pull: "10m",
	healthy: "60s",
	drain: "30s",
	stopGrace: "10s",
	request: "0s",
	streamIdle: "1h",
	environments: { staging: {}, production: {} },
} as const;

type Place = (path: readonly string[]) => Reference["at"];

/** Every default filled in, for every environment. Pure: the documents have been checked. `place` is of the Delivery's nodes. */
export function resolveManifest({ component, workload, delivery }: Documents, place: Place): Manifest {
	const environments = delivery?.environments ?? defaults.environments;
	const image = imageOf(workload, delivery);
	return {
		service: workload.metadata.name,
		description: component?.metadata.description ?? "",
		owner: component?.spec?.owner ?? "",
		build:
			image === null
				? {
						context: delivery?.build?.context ?? ".",
						dockerfile: delivery?.build?.dockerfile ?? "Dockerfile",
						target: delivery?.build?.target ?? null,
						...(delivery?.build?.baseImages === "hub" ? { baseImages: "hub" } : {}),
					}
				: null,
		...(image === null ? {} : { image }),
		test: delivery?.test ?? null,
		environments: Object.fromEntries(
			Object.entries<EnvironmentSettings>(environments).map(([name, own]) => {
				const references = referencesOf(own, (path) => place(["environments", name, ...path]));
				return [name, { ...workloadSpec(workload, delivery, own), ...(usesConfig({ references }) ? { references } : {}) }];
			}),
		),
	};
}

function referencesOf({ variables = {}, files = {} }: EnvironmentSettings, place: Place): References {
	const from = (key: "variables" | "files", values: Readonly<Record<string, unknown>>) =>
		Object.fromEntries(
			Object.entries(values).flatMap(([name, value]): [string, Reference][] => {
				const reference = parseReference(String(value));
				return reference ? [[name, { ...reference, at: place([key, name]) }]] : [];
			}),
		);
	return { variables: from("variables", variables), files: from("files", files) };
}

function workloadSpec(workload: WorkloadDocument, delivery: DeliveryDocument | null, own: EnvironmentSettings): WorkloadSpec {
	const container = Object.values(workload.containers)[0] ?? {};
	const ports = portsOf(workload, delivery);
	const instances = own.instances ?? defaults.instances;
	const limits = container.resources?.limits;
	const volumes = volumesOf(workload);
	return {
		instances,
		command: container.command ? [...container.command, ...(container.args ?? [])] : null,
		variables: literalsOf({ ...container.variables, ...own.variables }),
		ports,
		health: healthOf(workload, delivery, ports),
		limits: { memoryBytes: bytesOf(limits?.memory ?? defaults.memory), cpus: cpusOf(limits?.cpu ?? defaults.cpu) },
		...(volumes.length === 0 ? {} : { volumes }),
		exposed: delivery?.expose ?? ports.some((port) => port.protocol !== "tcp"),
		requestTimeoutMs: millisecondsOf(delivery?.timeouts?.request ?? defaults.request),
		streamIdleTimeoutMs: millisecondsOf(delivery?.timeouts?.streamIdle ?? defaults.streamIdle),
		stopGraceMs: millisecondsOf(delivery?.deadlines?.stopGrace ?? defaults.stopGrace),
		strategy: strategyOf(delivery, own, instances),
		analysis: analysisOf(own.analysis ?? delivery?.analysis),
		approval: approvalOf(own.approvals),
		after: own.after ?? null,
		deadlines: {
			pullMs: millisecondsOf(delivery?.deadlines?.pull ?? defaults.pull),
			healthyMs: millisecondsOf(delivery?.deadlines?.healthy ?? defaults.healthy),
			drainMs: millisecondsOf(delivery?.deadlines?.drain ?? defaults.drain),
		},
	};
}

function portsOf(workload: WorkloadDocument, delivery: DeliveryDocument | null): WorkloadSpec["ports"] {
	return Object.entries(workload.service?.ports ?? {}).map(([name, { port, targetPort }]) => ({
		name,
		port,
		targetPort: targetPort ?? port,
		protocol: delivery?.ports?.[name]?.protocol ?? "http",
	}));
}

/** What the Delivery says, else the readiness probe, else the liveness probe, else GET / on the first HTTP port, else a TCP connection. */
function healthOf(workload: WorkloadDocument, delivery: DeliveryDocument | null, ports: WorkloadSpec["ports"]): HealthCheck {
	if (delivery?.health) return { kind: "tcp", port: delivery.health.tcp, path: "" };
	const container = Object.values(workload.containers)[0];
	const probe = (container?.readinessProbe ?? container?.livenessProbe)?.httpGet;
	const probed = probe && ports.find((port) => port.targetPort === probe.port);
	if (probe && probed) return { kind: "http", port: probed.name, path: probe.path };
	const http = ports.find((port) => port.protocol === "http");
	return http ? { kind: "http", port: http.name, path: "/" } : { kind: "tcp", port: ports[0]?.name ?? "", path: "" };
}

/** What is said in the manifest itself; the rest are references. */
function literalsOf(variables: Readonly<Record<string, string | number | boolean>>): Record<string, string> {
	const texts = Object.entries(variables).map(([name, value]) => [name, String(value)] as const);
	return Object.fromEntries(texts.filter(([, value]) => parseReference(value) === null));
}
