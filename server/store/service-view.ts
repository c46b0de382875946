import { AppError } from "@/domain/errors";
import { frozenSentence } from "@/domain/freeze/gate";
import type { ActiveFreeze } from "@/domain/freeze/window";
import { endedStates } from "@/domain/rollout/model";
import type { Prisma } from "@/prisma/generated/client";
import type { Deps } from "@/server/deps";
import { type EnvironmentRow, listEnvironments } from "@/server/store/environment";
import { freezesNow } from "@/server/store/freeze";
import { type Gateway, gatewayToShow } from "@/server/store/gateway";
import { readInstances } from "@/server/store/instance-view";
import { readPipelines } from "@/server/store/pipeline-view";
import { readReleases, releasesById } from "@/server/store/release-view";
import { cloneUrl } from "@/server/store/repository-view";
import { readRollouts, rolloutRows } from "@/server/store/rollout-view";
import { findServices, type ServicePageWish } from "@/server/store/service-list";
import { readStandings, type Standing } from "@/server/store/standing";
import { wayInto } from "@/server/store/way-in";
import type { Frozen, ReleaseRow, RolloutRow, RunningVersion, ServicePage, ServiceRow } from "@/server/views";

type ViewDeps = Pick<Deps, "database" | "env">;
type StoredService = Pick<Prisma.ServiceModel, "name" | "description" | "owner" | "repository">;

/** A page of them, in the order of their names. */
export async function readServices(deps: ViewDeps, wish: ServicePageWish): Promise<ServiceRow[]> {
	const names = await findServices(deps.database, wish);
	const rows = await deps.database.service.findMany({ where: { name: { in: names } } });
	const byName = new Map(rows.map((row) => [row.name, row]));
	return serviceRows(
		deps,
		names.flatMap((name) => byName.get(name) ?? []),
	);
}

/** Throws `not-found`. */
export async function readService(deps: ViewDeps, name: string): Promise<ServicePage> {
	const { database } = deps;
	const stored = await database.service.findUnique({ where: { name } });
	if (!stored) throw new AppError("not-found", `There is no service ${name}.`);
	const [[row], pipelines, instances, releases, rollouts] = await Promise.all([
		serviceRows(deps, [stored]),
		stored.repository ? readPipelines(database, { repository: stored.repository, limit: 20 }) : [],
		readInstances(database, { service: name, phase: { not: "gone" } }),
		readReleases(database, name, { limit: 20 }),
		readRollouts(database, { service: name, limit: 20 }),
	]);
	if (!row) throw new AppError("internal", `The service ${name} has no row.`);
	const address = stored.repository ? cloneUrl(deps.env, stored.repository) : null;
	return { ...row, instances, releases, rollouts, pipelines, cloneUrl: address };
}

/** A fixed number of questions, however many services there are. */
async function serviceRows(deps: ViewDeps, services: readonly StoredService[]): Promise<ServiceRow[]> {
	const { database } = deps;
	const names = services.map((service) => service.name);
	const [environments, standings, unfinished, lastFailed, gateway] = await Promise.all([
		listEnvironments(database),
		readStandings(database, names),
		readUnfinished(database, names),
		readLastFailures(database, names),
		gatewayToShow(database),
	]);
	const releases = await releasesById(
		database,
		standings.map((own) => own.stableReleaseId),
	);
	const freezeOf = await freezesNow(database);
	const keyOf = (one: { service: string; environment: string }) => `${one.service}/${one.environment}`;
	const standingOf = new Map(standings.map((one) => [keyOf(one), one]));
	const rolloutOf = new Map(unfinished.map((one) => [keyOf(one), one]));
	return services.map(({ name, description, owner, repository }) => ({
		name,
		description,
		owner,
		repository,
		environments: environments.map((environment) => {
			const key = keyOf({ service: name, environment: environment.name });
			const standing = standingOf.get(key) ?? null;
			return runningVersion(deps, name, environment, {
				stable: (standing?.stableReleaseId && releases.get(standing.stableReleaseId)) || null,
				standing,
				rollout: rolloutOf.get(key) ?? null,
				gateway,
				lastFailure: lastFailed.get(key) ?? null,
				freeze: freezeOf(name, environment.name),
			});
		}),
	}));
}

async function readUnfinished(database: Deps["database"], services: string[]): Promise<RolloutRow[]> {
	const rows = await database.rollout.findMany({ where: { service: { in: services }, state: { notIn: [...endedStates] } } });
	return rolloutRows(database, rows);
}

interface VersionFacts {
	readonly stable: ReleaseRow | null;
	/** null = it was never to go here. */
	readonly standing: Standing | null;
	readonly rollout: RolloutRow | null;
	readonly gateway: Gateway | null;
	/** Why the newest rollout here failed; null = it did not. */
	readonly lastFailure: string | null;
	readonly freeze: ActiveFreeze | null;
}

function runningVersion(deps: ViewDeps, service: string, environment: EnvironmentRow, facts: VersionFacts): RunningVersion {
	const { stable, standing, rollout, gateway } = facts;
	const wayIn = wayInto(deps.env.installation, service, environment, gateway);
	return {
		environment: environment.name,
		confirmation: environment.confirmation,
		stable,
		rollout,
		declared: standing?.declared ?? 0,
		healthy: standing?.healthy ?? 0,
		problem: problemOf(facts),
		state: stateOf(facts),
		...(standing?.exposed ? wayIn : { url: null, curl: null }),
		frozen: facts.freeze && frozenOf(facts.freeze),
	};
}

export function frozenOf(freeze: ActiveFreeze): Frozen {
	const { id, until, zone, reason } = freeze;
	return { id, until, zone, reason, sentence: frozenSentence(freeze) };
}

/** readStates (server/store/standing.ts) says the same of all at once: what changes here changes there. */
function stateOf({ stable, standing, rollout, lastFailure }: VersionFacts): RunningVersion["state"] {
	const { present = 0, proxies = 0, healthy = 0, declared = 0 } = standing ?? {};
	if (rollout !== null) return rollout.state === "awaiting-approval" ? "awaiting-approval" : "progressing";
	if (stable === null) return lastFailure === null ? "never-deployed" : "failed";
	if (present > 0 && proxies === 0) return "unknown";
	if (declared === 0 && present === 0) return "stopped";
	if (healthy >= declared) return "healthy";
	return healthy > 0 ? "degraded" : "failed";
}

function problemOf({ stable, standing, rollout, lastFailure }: VersionFacts): string | null {
	const { present = 0, proxies = 0, healthy = 0, declared = 0, held = 0, message = null } = standing ?? {};
	if (rollout) return rollout.state === "waiting" ? rollout.reason : null;
	if (!stable) return lastFailure;
	if (present > 0 && proxies === 0) return "No proxy answers: nobody can say how it is.";
	if (healthy < declared) return `${healthy} of ${declared} instances are healthy${message ? `: ${message}` : "."}`;
	return held > 0
		? `${held} ${held === 1 ? "instance is" : "instances are"} held until a silent proxy answers or is declared lost.`
		: null;
}

/** Of the newest rollout in each place that has no release; elsewhere what serves counts. */
async function readLastFailures(database: Deps["database"], services: readonly string[]): Promise<Map<string, string>> {
	const failed = await database.$queryRaw<{ service: string; environment: string; reason: string | null }[]>`
		select se.service, se.environment, o.reason from service_environment se
		cross join lateral (
			select r.state, r.reason from rollout r where r.service = se.service and r.environment = se.environment
			order by r.number desc limit 1
		) o
		where se.service = any(${services}) and se."stableReleaseId" is null and o.state = 'failed'`;
	return new Map(failed.map((row) => [`${row.service}/${row.environment}`, row.reason ?? "The newest rollout failed."]));
}
