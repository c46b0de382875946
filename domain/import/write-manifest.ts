import { stringify } from "yaml";
import type { VariableFact, VolumeFact } from "@/domain/import/model";
import type { PlannedPort } from "@/domain/import/ports";
import type { ProposedStrategy } from "@/domain/import/release-strategy";
import type { ManifestBuild } from "@/domain/manifest/model";

export interface ManifestParts {
	readonly name: string;
	readonly description: string;
	readonly owner: string;
	readonly system: string;
	readonly type: string;
	readonly lifecycle: string;
	readonly memory: string;
	readonly cpu: string;
	readonly command: readonly string[] | null;
	readonly variables: readonly VariableFact[];
	readonly probe: { readonly path: string; readonly port: number } | null;
	/** The name of a port: a connection to it is healthy enough. null = the probe, or what Sluice does without one. */
	readonly connection: string | null;
	readonly ports: readonly PlannedPort[];
	readonly volumes: readonly VolumeFact[];
	readonly build: ManifestBuild;
	readonly instances: number;
	/** Of production. */
	readonly strategy: ProposedStrategy;
}

const minute = { pause: { duration: "1m" } };
const canary = { canary: { steps: [{ setWeight: 10 }, minute, { setWeight: 50 }, minute] } };

/** The three documents as a person would write them. */
export function writeManifest(parts: ManifestParts): string {
	const metadata = { name: parts.name };
	const component = {
		apiVersion: "backstage.io/v1alpha1",
		kind: "Component",
		metadata: { ...metadata, ...(parts.description === "" ? {} : { description: parts.description }) },
		spec: {
			type: parts.type,
			lifecycle: parts.lifecycle,
			...(parts.owner === "" ? {} : { owner: parts.owner }),
			...(parts.system === "" ? {} : { system: parts.system }),
		},
	};
	return [
		"# What the service is (Backstage).\n",
		text(component),
		"---\n# How it runs (Score).\n",
		text(workload(parts, metadata)),
		"---\n# How it is built and rolled out.\n",
		text(delivery(parts, metadata)),
	].join("");
}

function workload(
	{ command, variables, memory, cpu, probe, ports, volumes }: ManifestParts,
	metadata: { name: string },
): unknown {
	const literals = variables.flatMap(({ name, value }) => ("literal" in value ? [[name, value.literal] as const] : []));
	return {
		apiVersion: "score.dev/v1b1",
		metadata,
		containers: {
			main: {
				image: ".",
				...(command === null ? {} : { command: [...command] }),
				...(literals.length === 0 ? {} : { variables: new Map(literals) }),
				resources: { limits: { memory, cpu } },
				...(volumes.length === 0 ? {} : { volumes: volumes.map(mountOf) }),
				...(probe === null ? {} : { readinessProbe: { httpGet: { path: probe.path, port: probe.port } } }),
			},
		},
		service: { ports: new Map(ports.map(({ name, port, target }) => [name, { port, targetPort: target }])) },
		...(volumes.length === 0 ? {} : { resources: new Map(volumes.map(({ name }) => [name, { type: "volume" }])) }),
	};
}

function mountOf({ name, target, readOnly }: VolumeFact): unknown {
	return { source: `\${resources.${name}}`, target, ...(readOnly ? { readOnly } : {}) };
}

function delivery(
	{ build, variables, ports, instances, connection, strategy }: ManifestParts,
	metadata: { name: string },
): unknown {
	const references = variables.flatMap(({ name, value }) =>
		"source" in value ? [[name, `\${${value.source}.${name}}`] as const] : [],
	);
	const own = references.length === 0 ? {} : { variables: new Map(references) };
	const spoken = ports.filter(({ protocol }) => protocol !== "http");
	return {
		apiVersion: "sluice.dev/v1",
		kind: "Delivery",
		metadata,
		build: {
			...{ context: build.context, dockerfile: build.dockerfile },
			...(build.target === null ? {} : { target: build.target }),
			...(build.baseImages === undefined ? {} : { baseImages: build.baseImages }),
		},
		...(spoken.length === 0 ? {} : { ports: new Map(spoken.map(({ name, protocol }) => [name, { protocol }])) }),
		...(connection === null ? {} : { health: { tcp: connection } }),
		...(strategy === "recreate" ? { strategy: { recreate: {} } } : {}),
		environments: {
			staging: { instances: 1, ...own },
			production: { instances, ...own, ...(strategy === "canary" ? { strategy: canary } : {}) },
		},
	};
}

function text(document: unknown): string {
	return stringify(document, { lineWidth: 0, aliasDuplicateObjects: false });
}
