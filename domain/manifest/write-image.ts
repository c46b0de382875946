import { stringify } from "yaml";
import { parseReference } from "@/domain/config/reference";

/** What a person says of a service that is only an image. */
export interface ImageWish {
	readonly name: string;
	readonly owner: string;
	readonly image: string;
	readonly ports: readonly number[];
	readonly protocol: "tcp" | "http";
	/** For http; asked of the first port. */
	readonly healthPath: string;
	/** Where the container keeps what must not be lost; empty = nowhere. */
	readonly volumePath: string;
	/** Values, or `${secret.NAME}` and `${config.NAME}`. */
	readonly variables: Readonly<Record<string, string>>;
}

/** The manifest as a person would write it; whether it is right is the check's to say. */
export function writeImageManifest(wish: ImageWish): string {
	const metadata = { name: wish.name };
	const component = {
		apiVersion: "backstage.io/v1alpha1",
		kind: "Component",
		metadata,
		spec: { type: "service", lifecycle: "production", ...(wish.owner === "" ? {} : { owner: wish.owner }) },
	};
	return [
		"# What the service is (Backstage).\n",
		text(component),
		"---\n# How it runs (Score).\n",
		text(workload(wish, metadata)),
		"---\n# How it is rolled out.\n",
		text(delivery(wish, metadata)),
	].join("");
}

/** A value as the environment's configuration has it is no literal, and belongs to the environments. */
function isReference(value: string): boolean {
	return parseReference(value) !== null;
}

function portName(wish: ImageWish, index: number): string {
	return index === 0 ? wish.protocol : `${wish.protocol}-${index + 1}`;
}

function workload(wish: ImageWish, metadata: { name: string }): unknown {
	const literals = Object.entries(wish.variables).filter(([, value]) => !isReference(value));
	const [first = 0] = wish.ports;
	const hasVolume = wish.volumePath !== "";
	return {
		apiVersion: "score.dev/v1b1",
		metadata,
		containers: {
			main: {
				image: wish.image,
				...(literals.length === 0 ? {} : { variables: Object.fromEntries(literals) }),
				resources: { limits: { memory: "256Mi", cpu: "500m" } },
				...(wish.protocol === "http" ? { readinessProbe: { httpGet: { path: wish.healthPath, port: first } } } : {}),
				...(hasVolume ? { volumes: [{ source: `\${resources.data}`, target: wish.volumePath }] } : {}),
			},
		},
		service: { ports: Object.fromEntries(wish.ports.map((port, index) => [portName(wish, index), { port }])) },
		...(hasVolume ? { resources: { data: { type: "volume" } } } : {}),
	};
}

function delivery(wish: ImageWish, metadata: { name: string }): unknown {
	const references = Object.entries(wish.variables).filter(([, value]) => isReference(value));
	const own = references.length === 0 ? {} : { variables: Object.fromEntries(references) };
	const isTcp = wish.protocol === "tcp";
	return {
		apiVersion: "sluice.dev/v1",
		kind: "Delivery",
		metadata,
		...(isTcp ? { ports: Object.fromEntries(wish.ports.map((_, index) => [portName(wish, index), { protocol: "tcp" }])) } : {}),
		...(isTcp ? { health: { tcp: portName(wish, 0) } } : {}),
		// One instance holds the volume: nothing serves while the next one takes it over.
		...(wish.volumePath === "" ? {} : { strategy: { recreate: {} } }),
		// Clients of a database keep their connections: each second of waiting for them is one of downtime.
		...(isTcp && wish.volumePath !== "" ? { deadlines: { drain: "5s" } } : {}),
		environments: { staging: { instances: 1, ...own }, production: { instances: 1, ...own } },
	};
}

function text(document: unknown): string {
	return stringify(document, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** `6379`, `6379 16379`; null = no list of ports. */
export function readPorts(words: string): number[] | null {
	const ports = words.split(/[\s,]+/).filter((word) => word !== "");
	const numbers = ports.map(Number);
	const isRight = ports.length > 0 && ports.length <= 16 && ports.every((word) => /^\d{1,5}$/.test(word));
	return isRight && numbers.every((port) => port >= 1 && port <= 65_535) && new Set(numbers).size === numbers.length
		? numbers
		: null;
}

/** `NAME=value`, one a line; null = a line is none. */
export function readVariables(lines: string): Record<string, string> | null {
	const written = lines.split("\n").filter((line) => line.trim() !== "");
	const pairs = written.map((line) => /^\s*([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line));
	if (pairs.some((pair) => pair === null)) return null;
	return Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? "", pair?.[2] ?? ""]));
}
