import { commitsBetween, mostCommits, repositoryPath } from "@/adapters/git/bare";
import { type Drift, driftOf, type StandingRelease } from "@/domain/environment/drift";
import type { Manifest } from "@/domain/manifest/model";
import { whyNot } from "@/domain/policy/gate";
import type { Actor } from "@/domain/roles";
import type { Deps } from "@/server/deps";
import type { Tx } from "@/server/store/client";
import { listEnvironments } from "@/server/store/environment";
import { freezesNow } from "@/server/store/freeze";
import { countServices, type ServicePageWish } from "@/server/store/service-list";
import { frozenOf, readServices } from "@/server/store/service-view";
import type { EnvironmentMatrix, MatrixCell, ReleaseRow, RunningVersion } from "@/server/views";

type ViewDeps = Pick<Deps, "database" | "env">;
type Asking = Pick<Actor, "name" | "role" | "token">;

interface Standing extends StandingRelease {
	/** Environments that its manifest names. */
	readonly environments: readonly string[];
}

export interface MatrixWish extends Pick<ServicePageWish, "search" | "show" | "after" | "limit"> {
	/** Where it has what is to be shown; without that it narrows nothing. */
	readonly environment?: string | undefined;
}

/** A page of services by environments, each cell with what the environment before it has and this one has not. */
export async function readMatrix(deps: ViewDeps, actor: Asking, wish: MatrixWish): Promise<EnvironmentMatrix> {
	const { database } = deps;
	const environments = await listEnvironments(database);
	const freezeOf = await freezesNow(database);
	const { search, show, environment, after, limit } = wish;
	const filter = { search, show, environment: show && environment };
	const [services, count] = await Promise.all([readServices(deps, { ...filter, after, limit }), countServices(database, filter)]);
	const versions = services.flatMap((service) => service.environments);
	const standing = await readStanding(
		database,
		versions.flatMap(({ stable }) => (stable ? [stable.id] : [])),
	);
	const since = await readSince(
		database,
		services.map(({ name }) => name),
	);
	const rows = services.map(({ name, description, owner, environments: own }) => ({
		...{ name, description, owner },
		cells: own.map((version, index): MatrixCell => {
			const before = own[index - 1];
			const drift = driftOf(before ? beforeOf(before, standing) : null, standingOf(version, standing));
			return {
				...version,
				since: (version.stable && since.get(`${name}/${version.environment}`)) ?? null,
				drift,
				refusal: drift && before ? refusalOf(actor, name, version, drift, standingOf(before, standing)) : null,
			};
		}),
	}));
	return {
		environments: environments.map(({ name, confirmation }) => {
			// No service has this name: what holds for it holds for all.
			const freeze = freezeOf("", name);
			return { name, confirmation, frozen: freeze && frozenOf(freeze) };
		}),
		services: await withDistances(deps, rows, standing),
		count,
	};
}

/** As the deploy of that release would be refused. */
function refusalOf(actor: Asking, service: string, here: RunningVersion, drift: Drift, release: Standing | null): string | null {
	const { environment, rollout, frozen } = here;
	const target = { service, environment };
	const refusal = whyNot(actor, "rollout.deploy", target);
	if (refusal) return refusal;
	if (rollout) return `${service} in ${environment} already has rollout ${rollout.number} by ${rollout.startedBy}.`;
	if (frozen)
		return `${frozen.sentence} ${actor.role === "admin" ? "You can override it with a reason." : "An administrator can override it."}`;
	if (release && !release.environments.includes(environment))
		return `Release ${drift.release} of ${service} has no environment ${environment} in its sluice.yaml.`;
	return null;
}

function standingOf({ stable }: RunningVersion, standing: ReadonlyMap<string, Standing>): Standing | null {
	return (stable && standing.get(stable.id)) ?? null;
}

function beforeOf(version: RunningVersion, standing: ReadonlyMap<string, Standing>) {
	const release = standingOf(version, standing);
	return release && { environment: version.environment, release };
}

async function readStanding(tx: Tx, ids: readonly string[]): Promise<Map<string, Standing>> {
	const select = { id: true, number: true, baseReleaseId: true, manifest: true } as const;
	const rows = await tx.release.findMany({ where: { id: { in: [...ids] } }, select });
	const baseIds = rows.flatMap(({ baseReleaseId }) => (baseReleaseId ? [baseReleaseId] : []));
	const bases = await tx.release.findMany({ where: { id: { in: baseIds } }, select: { id: true, number: true } });
	const numbers = new Map(bases.map(({ id, number }) => [id, number]));
	return new Map(
		rows.map(({ id, number, baseReleaseId, manifest }) => {
			const base = (baseReleaseId && numbers.get(baseReleaseId)) || number;
			return [id, { number, base, environments: Object.keys((manifest as unknown as Manifest).environments) }];
		}),
	);
}

/** When what is stable became it: a rollout that only changed counts or places brought nothing. */
async function readSince(tx: Tx, services: readonly string[]): Promise<Map<string, Date>> {
	const rows = await tx.$queryRaw<{ key: string; at: number }[]>`
		select distinct on (r.service, r.environment) r.service || '/' || r.environment as key,
			(extract(epoch from coalesce(r."endedAt", r."createdAt")) * 1000)::float8 as at
		from rollout r join service_environment s
			on s.service = r.service and s.environment = r.environment and s."stableReleaseId" = r."toReleaseId"
		where r.service = any(${services}) and r.state = 'promoted' and r."fromReleaseId" is distinct from r."toReleaseId"
		order by r.service, r.environment, r.number desc`;
	return new Map(rows.map(({ key, at }) => [key, new Date(at)]));
}

type Rows = EnvironmentMatrix["services"];

/** Git is asked for so many at once: what it has said is kept, so this is about the first look only. */
const gitAtOnce = 8;

async function withDistances(deps: ViewDeps, rows: Rows, standing: ReadonlyMap<string, Standing>): Promise<Rows> {
	const drifting = rows.flatMap(({ name, cells }) =>
		cells.flatMap((cell, index) => {
			const before = cells[index - 1]?.stable;
			return cell.drift && before && cell.stable
				? [{ key: `${name}/${cell.environment}`, service: name, drift: cell.drift, from: cell.stable, to: before }]
				: [];
		}),
	);
	const counts = await countBetween(
		deps.database,
		drifting.map(({ key, service, from, to }) => {
			const ends = [from, to].map(({ id, number }) => standing.get(id)?.base ?? number);
			return { key, service, low: Math.min(...ends), high: Math.max(...ends) };
		}),
	);
	const known = new Map<string, Drift>();
	for (let at = 0; at < drifting.length; at += gitAtOnce) {
		const some = drifting.slice(at, at + gitAtOnce);
		const commits = await Promise.all(some.map(({ drift, from, to }) => commitsOf(deps, drift, from, to)));
		for (const [index, { key, drift }] of some.entries()) {
			const count = commits[index] ?? null;
			const isCut = count !== null && count >= mostCommits;
			known.set(key, { ...drift, releases: counts.get(key) ?? drift.releases, commits: count, isCut });
		}
	}
	return rows.map((row) => ({
		...row,
		cells: row.cells.map((cell) => ({ ...cell, drift: known.get(`${row.name}/${cell.environment}`) ?? cell.drift })),
	}));
}

async function countBetween(
	tx: Tx,
	pairs: readonly { readonly key: string; readonly service: string; readonly low: number; readonly high: number }[],
): Promise<Map<string, number>> {
	if (pairs.length === 0) return new Map();
	const rows = await tx.$queryRaw<{ key: string; count: number }[]>`
		select p.key, count(*)::int as count
		from jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb) as p(key text, service text, low int, high int)
			join release r on r.service = p.service and r."baseReleaseId" is null and r.number > p.low and r.number <= p.high
		group by p.key`;
	return new Map(rows.map(({ key, count }) => [key, count]));
}

/** Those that the newer one has and the older has not. */
async function commitsOf({ env }: ViewDeps, { relation }: Drift, here: ReleaseRow, before: ReleaseRow): Promise<number | null> {
	const [older, newer] = relation === "behind" ? [before, here] : [here, before];
	if (!older.commit || !newer.commit || older.repository !== newer.repository) return null;
	if (older.commit === newer.commit) return 0;
	const path = repositoryPath(env.paths.repositories, newer.repository);
	return (await commitsBetween(path, older.commit, newer.commit))?.length ?? null;
}
