import type { MatrixShow } from "@/domain/environment/show";
import { endedStates } from "@/domain/rollout/model";
import { searchWords } from "@/domain/search";
import type { VersionState } from "@/domain/version-state";
import { Prisma } from "@/prisma/generated/client";
import type { Database } from "@/server/store/client";
import { freezesInForce } from "@/server/store/freeze";
import { containsAll, serviceWords } from "@/server/store/search";
import { statesNow } from "@/server/store/standing";
import type { ServiceCount } from "@/server/views";

export interface ServiceFilter {
	/** Every word somewhere in name, description, owner or repository. */
	readonly search?: string | undefined;
	/** With a state or a show: it is meant here. Without: only those that have ever been to go here. */
	readonly environment?: string | undefined;
	readonly state?: VersionState | undefined;
	/** Only what says a problem, or is failed or degraded. */
	readonly troubled?: boolean | undefined;
	readonly show?: MatrixShow | undefined;
}

export interface ServicePageWish extends ServiceFilter {
	/** The name of a service: only those after it. */
	readonly after?: string | undefined;
	readonly limit?: number | undefined;
}

/** Counting on would take longer than anybody reads. */
const mostCounted = 1_000;

/** In the order of their names. */
export async function findServices(database: Database, wish: ServicePageWish): Promise<string[]> {
	const rows = await database.$queryRaw<{ name: string }[]>`
		select s.name from service s where ${await matching(database, wish)} ${after(wish)} order by s.name limit ${wish.limit ?? 50}`;
	return rows.map(({ name }) => name);
}

/** `found` counts to a thousand; `all` is exact. */
export async function countServices(database: Database, filter: ServiceFilter): Promise<ServiceCount> {
	const [row] = await database.$queryRaw<{ found: number; every: number }[]>`
		select (select count(*)::int from (
			select 1 from service s where ${await matching(database, filter)} limit ${mostCounted + 1}
		) found) as found, (select count(*)::int from service) as every`;
	const { found = 0, every = 0 } = row ?? {};
	const isFiltered = Boolean(filter.search || filter.environment || filter.state || filter.troubled || filter.show);
	if (!isFiltered) return { found: every, isMore: false, all: every };
	return { found: Math.min(found, mostCounted), isMore: found > mostCounted, all: every };
}

function after(wish: ServicePageWish): Prisma.Sql {
	return wish.after ? Prisma.sql`and s.name > ${wish.after}` : Prisma.empty;
}

async function matching(database: Database, filter: ServiceFilter): Promise<Prisma.Sql> {
	return Prisma.join([containsAll(serviceWords, searchWords(filter.search ?? "")), await standing(database, filter)], " and ");
}

async function standing(database: Database, { environment, state, troubled, show }: ServiceFilter): Promise<Prisma.Sql> {
	if (state || troubled || show === "trouble")
		return stateIs(database, { environment, state, troubled: troubled || show === "trouble" });
	const here = (column: string) => (environment ? Prisma.sql`and ${Prisma.raw(column)} = ${environment}` : Prisma.empty);
	switch (show) {
		case "rollout":
			return Prisma.sql`exists (select 1 from rollout r where r.service = s.name and r.state <> all(${[...endedStates]}) ${here("r.environment")})`;
		case "frozen": {
			const frozen = (await freezesInForce(database)).filter((freeze) => !environment || freeze.environment === environment);
			if (frozen.some(({ service }) => service === null)) return Prisma.sql`true`;
			return Prisma.sql`s.name = any(${frozen.flatMap(({ service }) => service ?? [])})`;
		}
		case "drift":
			return Prisma.sql`s.name in (select d.service from (${drifts}) d where true ${here("d.environment")})`;
		case undefined:
			if (!environment) return Prisma.sql`true`;
			return Prisma.sql`exists (select 1 from service_environment se where se.service = s.name and se.environment = ${environment})`;
		default:
			return show satisfies never;
	}
}

async function stateIs(database: Database, { environment, state, troubled }: ServiceFilter): Promise<Prisma.Sql> {
	const states = (await statesNow(database)).filter(
		(one) => (!state || one.state === state) && (!troubled || one.troubled) && (!environment || one.environment === environment),
	);
	return Prisma.sql`s.name = any(${[...new Set(states.flatMap(({ services }) => services))]})`;
}

/** Where the environment before has a stable release that is not the one here. domain/environment/drift.ts says the same of one place. */
const drifts = Prisma.sql`
	select before.service, v.name as environment
	from (select name, lag(name) over (order by position) as previous from environment) v
	join service_environment before on before.environment = v.previous
	join release had on had.id = before."stableReleaseId"
	left join service_environment own on own.service = before.service and own.environment = v.name
	left join release has on has.id = own."stableReleaseId"
	where coalesce(had."baseReleaseId", had.id) is distinct from coalesce(has."baseReleaseId", has.id)`;
