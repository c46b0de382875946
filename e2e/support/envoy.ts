import { request } from "node:http";
import { text } from "node:stream/consumers";
import { adminSocket } from "@/domain/envoy/bootstrap";
import { installationId } from "./installation";

interface Clusters {
	readonly cluster_statuses?: readonly {
		readonly name: string;
		readonly host_statuses?: readonly { readonly health_status?: { readonly eds_health_status?: string } }[];
	}[];
}

/** Cluster -> its endpoints' health as the control plane published it (`HEALTHY`, `DRAINING`), from Envoy's own admin. */
export async function publishedTo(host: string): Promise<Map<string, string[]>> {
	const answer = JSON.parse(await ask(host, "/clusters?format=json")) as Clusters;
	return new Map(
		(answer.cluster_statuses ?? []).map(({ name, host_statuses: endpoints = [] }) => [
			name,
			endpoints.map(({ health_status: health }) => health?.eds_health_status ?? "HEALTHY"),
		]),
	);
}

interface Routes {
	readonly configs?: readonly {
		readonly route_config?: {
			readonly virtual_hosts?: readonly {
				readonly routes?: readonly {
					readonly route?: {
						readonly weighted_clusters?: { readonly clusters?: readonly { readonly name: string; readonly weight?: number }[] };
					};
				}[];
			}[];
		};
	}[];
}

/** Cluster -> its weight of 10,000 in the routes that a host's first Envoy obeys, of one service. */
export async function weightsOn(host: string, service: string): Promise<Record<string, number>> {
	const { configs = [] } = JSON.parse(await ask(host, "/config_dump?resource=dynamic_route_configs")) as Routes;
	const clusters = configs
		.flatMap(({ route_config }) => route_config?.virtual_hosts ?? [])
		.flatMap(({ routes = [] }) => routes)
		.flatMap(({ route }) => route?.weighted_clusters?.clusters ?? []);
	const own = clusters.filter(({ name }) => name.startsWith(`${service}/`));
	return Object.fromEntries(own.map(({ name, weight = 0 }) => [name, weight]));
}

function ask(host: string, path: string): Promise<string> {
	const socketPath = adminSocket({ installation: installationId(), name: host }, 0);
	return new Promise((resolve, reject) => {
		request({ socketPath, path, timeout: 2_000 }, (answer) => text(answer).then(resolve, reject))
			.on("error", reject)
			.end();
	});
}
