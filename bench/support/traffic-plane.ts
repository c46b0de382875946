/**
 * A host's traffic plane with its pair of real Envoys, as a process of its own like an agent, told what to publish over
 * IPC. The only thing that is not as in an installation: padding is checked once a minute, not once a second, so that
 * ten thousand health checks a second are not what is measured.
 */
import { encode } from "@/agents/ads/resource-types";
import { createTrafficPlane } from "@/agents/envoy/plane";
import { eventually, log, startHost } from "@/agents/envoy/test/support";
import { gatewayResources, resourcesOf } from "@/domain/envoy/resources";
import type { ServiceTraffic } from "@/domain/traffic/model";
import { trafficKey } from "@/domain/traffic/model";
import type { Order, Report } from "./plane-process";
import { measured, measuredTraffic, trafficFleet } from "./traffic-fleet";

const proxies = [0, 1] as const;
const between = { "health_check.min_interval": 60_000 };

async function serve(order: Extract<Order, { kind: "start" }>): Promise<void> {
	const { upstreams } = order;
	const host = await startHost(order.installation, order.gatewayPort, { runtime: between });
	let services = trafficFleet(order.endpoints, upstreams);
	host.keep({ installation: order.installation, services });
	const plane = createTrafficPlane({ host: host.host, directory: host.directory, envoy: host.envoy, log });

	const acknowledged = (traffic: ServiceTraffic) =>
		plane.report().every(({ acks }) => {
			const ack = acks.find((one) => trafficKey(one) === trafficKey(traffic));
			return ack?.verdict === "ack" && ack.revision === traffic.revision;
		});
	let awaited: ServiceTraffic | null = null;
	plane.onChange(() => {
		if (awaited === null || !acknowledged(awaited)) return;
		tell({ kind: "acknowledged", revision: awaited.revision, atMs: nowMs() });
		awaited = null;
	});

	const missing = () => {
		const acks = services.filter((traffic) => !acknowledged(traffic)).length;
		const health = plane.report().map(({ endpoints }) => endpoints.filter((one) => one.health !== "healthy").length);
		return `${acks} services are not acknowledged, ${health.join(" and ")} endpoints are not healthy`;
	};

	const end = () =>
		plane
			.stop()
			.then(() => Promise.all(proxies.map((number) => host.killEnvoy(number))))
			.then(() => host.clean())
			.then(() => process.exit());
	process.once("disconnect", () => void end());
	// A signal to the whole group must not leave Envoys behind.
	for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.connected && process.disconnect());
	await plane.start();
	for (const number of proxies) host.startEnvoy(number);
	const isWhole = () =>
		services.every(acknowledged) && plane.report().every(({ endpoints }) => endpoints.every((one) => one.health === "healthy"));
	while (process.connected && !isWhole())
		await eventually("the whole fleet is fed and healthy", isWhole).catch(() => tell({ kind: "waiting", until: missing() }));

	process.on("message", (next: Order) => {
		if (next.kind === "publish") {
			const traffic = measuredTraffic(next.revision, next.release, upstreams);
			services = [traffic, ...services.filter((one) => one.service !== measured.service)];
			awaited = traffic;
			const atMs = nowMs();
			plane.apply({ installation: order.installation, services });
			tell({ kind: "applied", revision: next.revision, atMs });
		} else if (next.kind === "end") {
			process.disconnect();
		}
	});
	tell({ kind: "ready", services: services.length, ...pushes(services) });

	function pushes(all: readonly ServiceTraffic[]) {
		const [before, after] = [all, [measuredTraffic(2, 2, upstreams), ...all.slice(1)]].map((some) =>
			[...some.flatMap((traffic) => resourcesOf(traffic, host.host)), ...gatewayResources(host.host, some)].map(encode),
		);
		const known = new Set((before ?? []).map(({ version }) => version));
		const bytes = (resources: typeof before = []) => resources.reduce((sum, one) => sum + one.bytes.length, 0);
		return { fullBytes: bytes(after), changeBytes: bytes(after?.filter(({ version }) => !known.has(version))) };
	}
}

/** The same clock in every process of a machine. */
function nowMs(): number {
	return Number(process.hrtime.bigint()) / 1e6;
}

function tell(report: Report): void {
	process.send?.(report);
}

process.once("message", (order: Order) => {
	if (order.kind !== "start") return;
	serve(order).catch((error: unknown) => {
		tell({ kind: "failed", message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
	});
});
