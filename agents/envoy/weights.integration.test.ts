import { request } from "node:http";
import { afterAll, beforeAll, expect, it } from "vitest";
import { binomialTest, leastProbability } from "@/bench/support/binomial";
import { adminSocket } from "@/domain/envoy/bootstrap";
import { createTrafficPlane, type TrafficPlane } from "./plane";
import { ask, eventually, log, startHost, startUpstream, trafficOf } from "./test/support";

const gatewayPort = 27627;
const virtualAddress = "127.86.4.1";
const proxies = [0, 1] as const;
const requests = 10_000;

let host: Awaited<ReturnType<typeof startHost>>;
let plane: TrafficPlane;
let stable: Awaited<ReturnType<typeof startUpstream>>;
let candidate: Awaited<ReturnType<typeof startUpstream>>;

beforeAll(async () => {
	host = await startHost("envw", gatewayPort);
	[stable, candidate] = [await startUpstream("stable"), await startUpstream("candidate")];
	plane = createTrafficPlane({ host: host.host, directory: host.directory, envoy: host.envoy, log });
	host.keep({ installation: "envw", services: [traffic(1, 0)] });
	await plane.start();
	for (const number of proxies) host.startEnvoy(number);
	await obeyed(1);
});

afterAll(async () => {
	await plane.stop();
	for (const number of proxies) await host.killEnvoy(number);
	await Promise.all([stable.stop(), candidate.stop()]);
	host.clean();
});

function traffic(revision: number, weight: number) {
	return trafficOf("orders", revision, virtualAddress, [
		{ release: 1, weight: 100 - weight, endpoints: [stable.endpoint()] },
		{ release: 2, weight, endpoints: [candidate.endpoint()] },
	]);
}

const obeyed = (revision: number) =>
	eventually(`both proxies obey revision ${revision}`, () =>
		plane
			.report()
			.every(
				({ acks, endpoints }) =>
					acks[0]?.verdict === "ack" &&
					acks[0].revision === revision &&
					endpoints.length === 2 &&
					endpoints.every(({ health }) => health === "healthy"),
			),
	);

/** Cluster -> weight, of each route configuration that one Envoy obeys and that names the service. */
async function weightsOf(number: number): Promise<Record<string, number>[]> {
	const dump = await new Promise<string>((resolve, reject) => {
		const call = request({ socketPath: adminSocket(host.host, number), path: "/config_dump?resource=dynamic_route_configs" });
		call.once("error", reject);
		call.once("response", (answer) => {
			let text = "";
			answer.setEncoding("utf8").on("data", (chunk: string) => {
				text += chunk;
			});
			answer.once("end", () => resolve(text));
		});
		call.end();
	});
	interface Clusters {
		readonly clusters: readonly { name: string; weight: number }[];
	}
	interface VirtualHost {
		readonly name: string;
		readonly routes: readonly { route?: { weighted_clusters?: Clusters } }[];
	}
	const { configs } = JSON.parse(dump) as { configs: readonly { route_config: { virtual_hosts: readonly VirtualHost[] } }[] };
	return configs.flatMap(({ route_config }) =>
		route_config.virtual_hosts
			.filter(({ name }) => name === "orders/staging")
			.map(({ routes }) => {
				const clusters = routes[0]?.route?.weighted_clusters?.clusters ?? [];
				return Object.fromEntries(clusters.map(({ name, weight }) => [name, weight]));
			}),
	);
}

for (const [index, weight] of [10, 50].entries()) {
	it(`${weight} % is in the routes of both proxies to the hundredth, and in 10,000 answers by the exact test`, async () => {
		const services = [traffic(index + 2, weight)];
		host.keep({ installation: "envw", services });
		plane.apply({ installation: "envw", services });
		await obeyed(index + 2);
		const declared = { "orders/staging/1/http": (100 - weight) * 100, "orders/staging/2/http": weight * 100 };
		// At the gateway and at the service's own address.
		for (const number of proxies) expect(await weightsOf(number)).toEqual([declared, declared]);

		const before = [stable.served(), candidate.served()] as const;
		let left = requests;
		const client = async () => {
			while (left > 0) {
				left -= 1;
				expect((await ask("127.0.0.1", gatewayPort, { host: "orders.localhost" })).status).toBe(200);
			}
		};
		await Promise.all(Array.from({ length: 16 }, client));
		const seen = candidate.served() - before[1];
		expect(seen + stable.served() - before[0]).toBe(requests);
		const probability = binomialTest(seen, requests, weight / 100);
		console.log(`weight ${weight} %: ${seen} of ${requests}, p = ${probability.toPrecision(2)}`);
		expect(probability).toBeGreaterThanOrEqual(leastProbability);
	});
}
