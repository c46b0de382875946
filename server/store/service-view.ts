import { AppError } from "@/domain/errors";
import { portOf } from "@/domain/installation";
import type { Manifest, WorkloadSpec } from "@/domain/manifest/model";
import { gatewayHosts } from "@/domain/names";
import { endedStates } from "@/domain/rollout/model";
import type { Prisma } from "@/prisma/generated/client";
import type { Deps } from "@/server/deps";
import { type EnvironmentRow, listEnvironments } from "@/server/store/environment";
import { type Gateway, gatewayToShow } from "@/server/store/gateway";
import { type InstanceFacts, isHealthy, readInstances } from "@/server/store/instance-view";
import { pipelineRows } from "@/server/store/pipeline-view";
import { readReleases, releasesById } from "@/server/store/release-view";
import { cloneUrl } from "@/server/store/repository-view";
import { readRollouts, rolloutRows } from "@/server/store/rollout-view";
import type { ReleaseRow, RolloutRow, RunningVersion, ServicePage, ServiceRow } from "@/server/views";

type ViewDeps = Pick<Deps, "database" | "env">;
type StoredService = Prisma.ServiceGetPayload<{ include: { environments: true } }>;

export async function readServices(deps: ViewDeps, search: string): Promise<ServiceRow[]> {
	const contains = { contains: search, mode: "insensitive" } as const;
	const rows = await deps.database.service.findMany({
		where: search === "" ? {} : { OR: [{ name: contains }, { description: contains }, { owner: contains }] },
		orderBy: { name: "asc" },
		include: { environments: true },
		take: 500,
	});
	return serviceRows(deps, rows);
}

/** Throws `not-found`. */
export async function readService(deps: ViewDeps, name: string): Promise<ServicePage> {
	const { database } = deps;
	const stored = await database.service.findUnique({ where: { name }, include: { environments: true } });
	if (!stored) throw new AppError("not-found", `There is no service ${name}.`);
	const [row] = await serviceRows(deps, [stored]);
	if (!row) throw new AppError("internal", `The service ${name} has no row.`);
	const pipelines = stored.repository
		? await database.pipeline.findMany({ where: { repository: stored.repository }, orderBy: { number: "desc" }, take: 20 })
		: [];
	return {
		...row,
		instances: await readInstances(database, { service: name, phase: { not: "gone" } }),
		releases: await readReleases(database, name, 20),
		rollouts: await readRollouts(database, { service: name, limit: 20 }),
		pipelines: await pipelineRows(database, pipelines),
		cloneUrl: stored.repository ? cloneUrl(deps.env, stored.repository) : null,
	};
}

async function serviceRows(deps: ViewDeps, services: readonly StoredService[]): Promise<ServiceRow[]> {
	const { database } = deps;
	const names = services.map((service) => service.name);
	const environments = await listEnvironments(database);
	const instances = await readInstances(database, { service: { in: names }, phase: { not: "gone" } });
	const unfinished = await rolloutRows(
		database,
		await database.rollout.findMany({ where: { service: { in: names }, state: { notIn: [...endedStates] } } }),
	);
	const stableIds = services.flatMap((service) => service.environments.map((own) => own.stableReleaseId));
	const releases = await releasesById(database, stableIds);
	const manifests = await readManifests(database, [...releases.keys()]);
	const lastFailed = await readLastFailures(database, names);
	const gateway = await gatewayToShow(database);
	return services.map(({ name, description, owner, repository, environments: own }) => ({
		name,
		description,
		owner,
		repository,
		environments: environments.map((environment) => {
			const stored = own.find((one) => one.environment === environment.name);
			const stable = (stored?.stableReleaseId && releases.get(stored.stableReleaseId)) || null;
			const isHere = (one: { service: string; environment: string }) =>
				one.service === name && one.environment === environment.name;
			return runningVersion(deps, name, environment, {
				stable,
				workload: (stable && manifests.get(stable.id)?.environments[environment.name]) ?? null,
				wished: stored?.instances ?? null,
				rollout: unfinished.find(isHere) ?? null,
				instances: instances.filter(isHere),
				gateway,
				lastFailure: lastFailed.get(`${name}/${environment.name}`) ?? null,
			});
		}),
	}));
}

interface VersionFacts {
	readonly stable: ReleaseRow | null;
	readonly workload: WorkloadSpec | null;
	/** What a person asked for instead of the manifest's count. */
	readonly wished: number | null;
	readonly rollout: RolloutRow | null;
	readonly instances: readonly InstanceFacts[];
	readonly gateway: Gateway | null;
	/** Why the newest rollout here failed; null = it did not. */
	readonly lastFailure: string | null;
}

function runningVersion(deps: ViewDeps, service: string, environment: EnvironmentRow, facts: VersionFacts): RunningVersion {
	const { stable, workload, wished, rollout, instances, gateway, lastFailure } = facts;
	const healthy = instances.filter(isHealthy).length;
	const declared = wished ?? workload?.instances ?? 0;
	const { domain, portBase } = deps.env.installation;
	const [host] = gatewayHosts(service, { name: environment.name, primary: environment.isPrimary }, domain);
	const held = instances.filter((instance) => instance.phase === "held");
	const port = portOf(portBase, "gateway");
	return {
		environment: environment.name,
		confirmation: environment.confirmation,
		stable,
		rollout,
		declared,
		healthy,
		problem: problemOf(facts, healthy, declared, held.length),
		state: stateOf(stable !== null, rollout !== null, lastFailure !== null, instances, healthy, declared),
		url: workload?.exposed && host && isNameAnswered(domain, gateway) ? `http://${host}:${port}` : null,
		curl: workload?.exposed && host && gateway ? `curl -H 'Host: ${host}' http://${gateway.address}:${port}/` : null,
	};
}

/** `localhost` and its names lead to this machine; every other domain to where its owner says. */
function isNameAnswered(domain: string, gateway: Gateway | null): boolean {
	return gateway?.isOwn === true || !/(^|\.)localhost$/.test(domain);
}

function stateOf(
	hasStable: boolean,
	hasRollout: boolean,
	hasFailed: boolean,
	instances: readonly InstanceFacts[],
	healthy: number,
	declared: number,
): RunningVersion["state"] {
	if (hasRollout) return "progressing";
	if (!hasStable) return hasFailed ? "failed" : "never-deployed";
	if (instances.length > 0 && instances.every((instance) => instance.proxies === 0)) return "unknown";
	if (declared === 0 && instances.length === 0) return "stopped";
	if (healthy >= declared) return "healthy";
	return healthy > 0 ? "degraded" : "failed";
}

function problemOf(
	{ stable, rollout, instances, lastFailure }: VersionFacts,
	healthy: number,
	declared: number,
	held: number,
): string | null {
	if (rollout) return rollout.state === "waiting" ? rollout.reason : null;
	if (!stable) return lastFailure;
	if (instances.length > 0 && instances.every((instance) => instance.proxies === 0))
		return "No proxy answers: nobody can say how it is.";
	if (healthy < declared) {
		const told = instances.find((instance) => instance.message !== null)?.message;
		return `${healthy} of ${declared} instances are healthy${told ? `: ${told}` : "."}`;
	}
	return held > 0
		? `${held} ${held === 1 ? "instance is" : "instances are"} held until a silent proxy answers or is declared lost.`
		: null;
}

async function readManifests(database: Deps["database"], ids: readonly string[]): Promise<Map<string, Manifest>> {
	const rows = await database.release.findMany({ where: { id: { in: [...ids] } }, select: { id: true, manifest: true } });
	return new Map(rows.map((row) => [row.id, row.manifest as unknown as Manifest]));
}

async function readLastFailures(database: Deps["database"], services: readonly string[]): Promise<Map<string, string>> {
	const newest = await database.rollout.findMany({
		where: { service: { in: [...services] } },
		orderBy: [{ service: "asc" }, { environment: "asc" }, { number: "desc" }],
		distinct: ["service", "environment"],
		select: { service: true, environment: true, state: true, reason: true },
	});
	const failed = newest.filter((row) => row.state === "failed");
	return new Map(failed.map((row) => [`${row.service}/${row.environment}`, row.reason ?? "The newest rollout failed."]));
}
