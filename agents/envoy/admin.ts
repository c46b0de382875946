import { request } from "node:http";
import { AppError } from "@/domain/errors";
import { gathered } from "./gathered";

export interface HostStatus {
	readonly address: string;
	readonly port: number;
	readonly isDraining: boolean;
	/** The active check passed last time, and at least once. */
	readonly isHealthy: boolean;
	/** No check has ended yet. */
	readonly isPending: boolean;
	readonly requests: number;
	readonly connections: number;
}

export type ClusterStatuses = ReadonlyMap<string, readonly HostStatus[]>;

/** Name -> version Envoy obeys now. */
export interface InForce {
	readonly routes: ReadonlyMap<string, string>;
	readonly listeners: ReadonlyMap<string, string>;
}

export interface Admin {
	/** All, or at least those of these names: Envoy's main thread writes the list, and of ten thousand endpoints that takes long. */
	clusters(names?: readonly string[]): Promise<ClusterStatuses>;
	inForce(): Promise<InForce>;
}

/**
 * Envoy's admin interface on its unix socket, read only. Every call throws `unavailable` when Envoy does not answer in 2 s.
 * Its main thread writes the answers, so only what is needed is asked for: names and versions, and clusters by name.
 * (Dumps have a `name_regex`, too, but that is refused from about 200 characters on, Envoy's limit for a pattern.)
 */
export function adminOf(socketPath: string): Admin {
	const ask = async (names: ReadonlySet<string> | null) => {
		const path = names === null || names.size > mostNames ? "" : `&${new URLSearchParams({ filter: pattern([...names]) })}`;
		return parseClusters(JSON.parse(bodyOf(await get(socketPath, `/clusters?format=json${path}`))) as ClustersAnswer);
	};
	const clusters = gathered(ask);
	return {
		clusters: (names) => clusters(names ?? null),
		async inForce() {
			const routes: RoutesAnswer = await dump(socketPath, "dynamic_route_configs", "version_info,route_config.name");
			const listeners: ListenersAnswer = await dump(socketPath, "dynamic_listeners", "name,active_state.version_info");
			return {
				routes: new Map((routes.configs ?? []).map((found) => [found.route_config?.name ?? "", found.version_info ?? ""])),
				listeners: new Map((listeners.configs ?? []).map((found) => [found.name ?? "", found.active_state?.version_info ?? ""])),
			};
		},
	};
}

/** More names than this make a pattern that costs more than it saves. */
const mostNames = 50;

function pattern(names: readonly string[]): string {
	return `^(${names.map((name) => name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("|")})$`;
}

/** A kind that this Envoy never had one of is no part of the dump, as routes are where nobody speaks HTTP: it says 404 then. */
async function dump<Answer extends object>(
	socketPath: string,
	resource: string,
	mask: string,
): Promise<Answer | Record<string, never>> {
	const answer = await get(socketPath, `/config_dump?${new URLSearchParams({ resource, mask })}`);
	if (answer.status === 404 && answer.body.trim() === `${resource} not found in config dump`) return {};
	return JSON.parse(bodyOf(answer)) as Answer;
}

interface Reply {
	readonly status: number | undefined;
	readonly body: string;
}

function bodyOf({ status, body }: Reply): string {
	if (status === 200) return body;
	throw new AppError("unavailable", `Envoy's admin answers with status ${status}: ${body.slice(0, 200)}`);
}

function get(socketPath: string, path: string): Promise<Reply> {
	return new Promise((resolve, reject) => {
		const fail = (cause: Error) =>
			reject(new AppError("unavailable", `Envoy's admin at ${socketPath} does not answer: ${cause.message}.`, { cause }));
		const call = request({ socketPath, path, timeout: 2000 }, (answer) => {
			const parts: Buffer[] = [];
			answer.on("data", (part: Buffer) => parts.push(part));
			answer.on("error", fail);
			answer.on("end", () => resolve({ status: answer.statusCode, body: Buffer.concat(parts).toString("utf8") }));
		});
		call.on("timeout", () => call.destroy(new Error("no answer in 2 s")));
		call.on("error", fail);
		call.end();
	});
}

interface RoutesAnswer {
	readonly configs?: readonly { version_info?: string; route_config?: { name?: string } }[];
}

interface ListenersAnswer {
	readonly configs?: readonly { name?: string; active_state?: { version_info?: string } }[];
}

export interface ClustersAnswer {
	readonly cluster_statuses?: readonly {
		name: string;
		host_statuses?: readonly {
			address?: { socket_address?: { address?: string; port_value?: number } };
			stats?: readonly { name: string; value?: string }[];
			health_status?: { eds_health_status?: string; failed_active_health_check?: boolean; pending_active_hc?: boolean };
		}[];
	}[];
}

export function parseClusters(answer: ClustersAnswer): ClusterStatuses {
	const clusters = new Map<string, HostStatus[]>();
	for (const cluster of answer.cluster_statuses ?? []) {
		const hosts = (cluster.host_statuses ?? []).map((host): HostStatus => {
			const stat = (name: string) => Number(host.stats?.find((found) => found.name === name)?.value ?? 0);
			const health = host.health_status ?? {};
			const isPending = health.pending_active_hc === true;
			return {
				address: host.address?.socket_address?.address ?? "",
				port: host.address?.socket_address?.port_value ?? 0,
				isDraining: health.eds_health_status === "DRAINING",
				isHealthy: !isPending && health.failed_active_health_check !== true,
				isPending,
				requests: stat("rq_active"),
				connections: stat("cx_active"),
			};
		});
		clusters.set(cluster.name, hosts);
	}
	return clusters;
}
