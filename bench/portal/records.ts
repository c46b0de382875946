import type { DesiredInstance } from "@/domain/host/model";
import type { Manifest, WorkloadSpec } from "@/domain/manifest/model";
import type { RolloutPlan } from "@/domain/rollout/model";
import type { ServiceTraffic } from "@/domain/traffic/model";

/** Stands in the templates below where a row of its own says its service, environment, release or instance. */
export const place = {
	service: "@service@",
	environment: "@environment@",
	release: "@release@",
	instance: "@instance@",
	digest: "@digest@",
} as const;

const workload: WorkloadSpec = {
	instances: 1,
	command: null,
	variables: { LOG_LEVEL: "info", REGION: "generated" },
	ports: [{ name: "http", port: 80, protocol: "http", targetPort: 8080 }],
	health: { kind: "http", port: "http", path: "/healthz" },
	limits: { memoryBytes: 64 * 1024 ** 2, cpus: 0.05 },
	exposed: true,
	requestTimeoutMs: 15_000,
	streamIdleTimeoutMs: 300_000,
	stopGraceMs: 10_000,
	strategy: { kind: "rolling", maxSurge: 1, maxUnavailable: 0 },
	analysis: null,
	approval: null,
	after: null,
	deadlines: { pullMs: 120_000, healthyMs: 60_000, drainMs: 30_000 },
};

export const manifest: Manifest = {
	service: place.service,
	description: "generated",
	owner: "generated",
	build: { context: ".", dockerfile: "Dockerfile", target: null },
	test: { target: "test", command: ["npm", "test"] },
	environments: { staging: workload, production: { ...workload, after: "staging" } },
};

const release = { id: `${place.service}-r2`, number: 2, repository: place.service, digest: place.digest };

export const plan: RolloutPlan = {
	kind: "release",
	service: place.service,
	environment: place.environment,
	from: { ...release, id: `${place.service}-r1`, number: 1 },
	to: release,
	workload,
	fromWorkload: workload,
	steps: [],
	analysis: null,
	approval: { count: 1, role: "approver", expiresMs: 86_400_000 },
	startRevision: 1,
};

export const instance: DesiredInstance = {
	id: place.instance,
	containerName: place.instance,
	service: place.service,
	environment: place.environment,
	release: 2,
	image: `${place.service}@${place.digest}`,
	command: null,
	variables: workload.variables,
	configVersion: 0,
	ports: [{ name: "http", containerPort: 8080, hostPort: 20_000 }],
	limits: workload.limits,
	network: `generated-${place.environment}`,
	stopGraceMs: 10_000,
};

export const traffic: ServiceTraffic = {
	service: place.service,
	environment: place.environment,
	revision: 3,
	virtualAddress: "10.254.0.1",
	gatewayHosts: [`${place.service}.localhost`],
	ports: [{ name: "http", port: 80, protocol: "http" }],
	releases: [
		{
			release: 2,
			weight: 100,
			health: workload.health,
			endpoints: [{ instance: place.instance, address: "192.0.2.10", ports: { http: 20_000 }, state: "active" }],
		},
	],
	requestTimeoutMs: 15_000,
	streamIdleTimeoutMs: 300_000,
};
