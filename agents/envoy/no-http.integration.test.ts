import { expect, it } from "vitest";
import { createTrafficPlane } from "./plane";
import { eventually, log, startHost, startUpstream, trafficOf } from "./test/support";

it("a host that is no gateway and has nothing but a TCP service obeys it and says so, and lets it go again", async () => {
	const host = await startHost("envtcp", 27609, { roles: ["node"] });
	const upstream = await startUpstream("db");
	const plane = createTrafficPlane({ host: host.host, directory: host.directory, envoy: host.envoy, log });
	try {
		host.keep({ installation: "envtcp", services: [] });
		await plane.start();
		host.startEnvoy();
		const traffic = {
			...trafficOf("cache", 1, "127.86.9.1", [{ release: 1, weight: 100, endpoints: [upstream.endpoint()] }]),
			gatewayHosts: [],
			ports: [{ name: "http", port: 6379, protocol: "tcp" as const }],
		};
		plane.apply({ installation: "envtcp", services: [traffic] });
		const acks = () => plane.report()[0]?.acks ?? [];
		await eventually("the service is acknowledged", () => acks().some(({ revision }) => revision === 1));
		expect(acks()).toMatchObject([{ service: "cache", verdict: "ack", message: null }]);
		plane.apply({ installation: "envtcp", services: [] });
		await eventually("it is forgotten", () => acks().length === 0);
	} finally {
		await plane.stop();
		await host.killEnvoy();
		await upstream.stop();
		host.clean();
	}
});
