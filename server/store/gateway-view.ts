import { type RouteDifference, type Routes, routeDifference } from "@/domain/traffic/difference";
import type { ServiceTraffic } from "@/domain/traffic/model";
import type { Tx } from "@/server/store/client";
import { databaseNow } from "@/server/store/clock";
import { isFresh } from "@/server/store/instance-view";
import type { GatewayPage, GatewayProxy, GatewayRoute } from "@/server/views";

/** More are found by a narrower search. */
const mostRoutes = 200;

/** What is published for each service, what each proxy says it obeys, and what of it is not the same. */
export async function readGateway(tx: Tx, search: string): Promise<GatewayPage> {
	const now = await databaseNow(tx);
	const stored = await tx.proxy.findMany({
		where: { host: { state: { not: "removed" } } },
		orderBy: { id: "asc" },
		select: { id: true, hostId: true, roles: true, leaseAt: true, declaredLostAt: true },
	});
	const proxies = stored.map(
		({ id, hostId, roles, leaseAt, declaredLostAt }): GatewayProxy => ({
			...{ id, roles, declaredLostAt },
			host: hostId,
			silentSince: isFresh(leaseAt, now) ? null : (leaseAt ?? new Date(0)),
		}),
	);
	const rows = await tx.serviceEnvironment.findMany({
		where: { trafficRevision: { gt: 0 }, ...(search === "" ? {} : { service: { contains: search, mode: "insensitive" } }) },
		orderBy: [{ service: "asc" }, { environment: "asc" }],
		take: mostRoutes + 1,
	});
	const shown = rows.slice(0, mostRoutes);
	const traffics = shown.flatMap(({ traffic, trafficRevision }) =>
		traffic === null ? [] : [{ ...(traffic as unknown as ServiceTraffic), revision: trafficRevision }],
	);
	const words = await readWords(tx, traffics);
	return {
		proxies,
		routes: await Promise.all(traffics.map((traffic) => routeOf(tx, traffic, proxies, words))),
		isCut: rows.length > mostRoutes,
	};
}

async function readWords(tx: Tx, traffics: readonly ServiceTraffic[]) {
	const services = [...new Set(traffics.map(({ service }) => service))];
	const instances = traffics.flatMap(({ releases }) => releases.flatMap(({ endpoints }) => endpoints.map((one) => one.instance)));
	const acks = await tx.proxyAck.findMany({ where: { service: { in: services } } });
	const endpoints = await tx.proxyEndpoint.findMany({ where: { instanceId: { in: instances } }, orderBy: { proxyId: "asc" } });
	const placed = await tx.instance.findMany({ where: { id: { in: instances } }, select: { id: true, hostId: true } });
	return {
		acks: Map.groupBy(acks, ({ service, environment }) => `${service}/${environment}`),
		endpoints: Map.groupBy(endpoints, ({ instanceId }) => instanceId),
		hosts: new Map(placed.map(({ id, hostId }) => [id, hostId])),
	};
}

type Words = Awaited<ReturnType<typeof readWords>>;

async function routeOf(tx: Tx, traffic: ServiceTraffic, proxies: readonly GatewayProxy[], words: Words): Promise<GatewayRoute> {
	const { service, environment, revision, gatewayHosts, virtualAddress, ports } = traffic;
	const acks = words.acks.get(`${service}/${environment}`) ?? [];
	const isAnswering = new Set(proxies.filter(({ silentSince }) => silentSince === null).map(({ id }) => id));
	return {
		...{ service, environment, revision, virtualAddress },
		hosts: gatewayHosts,
		ports: ports.map(({ name, port, protocol }) => ({ name, port, protocol })),
		releases: traffic.releases.map(({ release, weight, endpoints }) => ({
			...{ release, weight },
			endpoints: endpoints.map(({ instance, address, ports: bound, state }) => {
				const seen = (words.endpoints.get(instance) ?? []).filter(({ proxyId }) => isAnswering.has(proxyId));
				const [port] = Object.values(bound);
				return {
					...{ instance, state },
					host: words.hosts.get(instance) ?? null,
					address: port === undefined ? address : `${address}:${port}`,
					seen: seen.map(({ proxyId, health, draining, active }) => ({ proxy: proxyId, health, draining, active })),
				};
			}),
		})),
		proxies: await Promise.all(
			proxies.map(async ({ id, silentSince }) => {
				const ack = acks.find(({ proxyId }) => proxyId === id);
				const word = wordOf(ack ?? null, revision, silentSince !== null);
				const isBehind = ack !== undefined && (ack.revision < revision || ack.verdict === "nack");
				return {
					...{ id, word, revision: ack?.revision ?? null, message: ack?.message ?? null, at: ack?.at ?? null },
					difference: isBehind ? await differenceSince(tx, traffic, ack) : null,
				};
			}),
		),
	};
}

/** A silent proxy may still serve what it had: its older word is not enough. */
function wordOf(ack: { readonly revision: number; readonly verdict: string } | null, published: number, isSilent: boolean) {
	if (isSilent) return "silent";
	if (!ack) return "never";
	if (ack.verdict === "nack") return "refused";
	return ack.revision >= published ? "acknowledged" : "behind";
}

/** From what it last acknowledged to what is published; null = nobody knows any more what that was. */
async function differenceSince(
	tx: Tx,
	traffic: ServiceTraffic,
	ack: { readonly revision: number; readonly verdict: string },
): Promise<RouteDifference | null> {
	const { service, environment } = traffic;
	// A refused revision is not what it has: the one before is.
	const event = await tx.rolloutEvent.findFirst({
		where: {
			...{ kind: "publish", rollout: { service, environment } },
			data: { path: ["revision"], ...(ack.verdict === "nack" ? { lt: ack.revision } : { equals: ack.revision }) },
		},
		orderBy: [{ rollout: { number: "desc" } }, { sequence: "desc" }],
	});
	const intent = (event?.data as { intent?: { releases: readonly PublishedRelease[] } } | undefined)?.intent;
	return intent ? routeDifference(routesOf(intent.releases), traffic) : null;
}

interface PublishedRelease {
	readonly release: number;
	readonly weight: number;
	readonly endpoints: readonly { readonly instance: string; readonly phase: string }[];
}

function routesOf(releases: readonly PublishedRelease[]): Routes {
	return {
		releases: releases.map(({ release, weight, endpoints }) => ({
			...{ release, weight },
			endpoints: endpoints.map(({ instance, phase }) => ({ instance, state: phase === "draining" ? "draining" : "active" })),
		})),
	};
}
