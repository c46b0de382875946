import { searchWords } from "@/domain/search";
import { Prisma } from "@/prisma/generated/client";
import type { Database } from "@/server/store/client";
import { containsAll, serviceWords } from "@/server/store/search";
import { statesNow } from "@/server/store/standing";
import type { RunningVersion, ServiceCount } from "@/server/views";

export interface ServiceFilter {
	/** Every word somewhere in name, description, owner or repository. */
	readonly search?: string | undefined;
	/** With a state: the state is meant here. Without: only those that have ever been to go here. */
	readonly environment?: string | undefined;
	readonly state?: RunningVersion["state"] | undefined;
	/** Only what says a problem, or is failed or degraded. */
	readonly troubled?: boolean | undefined;
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
	const isFiltered = Boolean(filter.search || filter.environment || filter.state || filter.troubled);
	if (!isFiltered) return { found: every, isMore: false, all: every };
	return { found: Math.min(found, mostCounted), isMore: found > mostCounted, all: every };
}

function after(wish: ServicePageWish): Prisma.Sql {
	return wish.after ? Prisma.sql`and s.name > ${wish.after}` : Prisma.empty;
}

async function matching(database: Database, filter: ServiceFilter): Promise<Prisma.Sql> {
	return Prisma.join([containsAll(serviceWords, searchWords(filter.search ?? "")), await standing(database, filter)], " and ");
}

async function standing(database: Database, { environment, state, troubled }: ServiceFilter): Promise<Prisma.Sql> {
	if (state || troubled) {
		const states = (await statesNow(database)).filter(
			(one) =>
				(!state || one.state === state) && (!troubled || one.troubled) && (!environment || one.environment === environment),
		);
		return Prisma.sql`s.name = any(${[...new Set(states.flatMap(({ services }) => services))]})`;
	}
	if (!environment) return Prisma.sql`true`;
	return Prisma.sql`exists (select 1 from service_environment se where se.service = s.name and se.environment = ${environment})`;
}
