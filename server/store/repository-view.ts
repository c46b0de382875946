import { AppError } from "@/domain/errors";
import { searchWords } from "@/domain/search";
import type { Prisma } from "@/prisma/generated/client";
import type { Deps } from "@/server/deps";
import { pipelineRows } from "@/server/store/pipeline-view";
import type { PipelineRow, RepositoryRow } from "@/server/views";

type ViewDeps = Pick<Deps, "database"> & { readonly env: { readonly gitUrl: string } };

export function cloneUrl(env: { readonly gitUrl: string }, repository: string): string {
	return `${env.gitUrl}/${repository}.git`;
}

export interface RepositoryPageWish {
	readonly search?: string | undefined;
	/** The name of a repository: only those after it. */
	readonly after?: string | undefined;
	readonly limit?: number | undefined;
}

/** A page of them, in the order of their names. */
export async function readRepositories(deps: ViewDeps, wish: RepositoryPageWish): Promise<RepositoryRow[]> {
	const { search, after, limit = 50 } = wish;
	return rowsWhere(
		deps,
		{
			AND: searchWords(search ?? "").map((word) => ({ name: { contains: word } })),
			...(after ? { name: { gt: after } } : {}),
		},
		limit,
	);
}

async function rowsWhere(deps: ViewDeps, where: Prisma.RepositoryWhereInput, limit: number): Promise<RepositoryRow[]> {
	const { database } = deps;
	const rows = await database.repository.findMany({ where, orderBy: { name: "asc" }, take: limit });
	const names = rows.map((row) => row.name);
	const [services, newest] = await Promise.all([
		database.service.findMany({ where: { repository: { in: names } }, select: { name: true, repository: true } }),
		newestPipelines(database, names),
	]);
	const serviceOf = new Map(services.map((service) => [service.repository, service.name]));
	const pipelineOf = new Map(newest.map((pipeline) => [pipeline.repository, pipeline]));
	return rows.map((row) => ({
		name: row.name,
		defaultBranch: row.defaultBranch,
		cloneUrl: cloneUrl(deps.env, row.name),
		service: serviceOf.get(row.name) ?? null,
		lastPipeline: pipelineOf.get(row.name) ?? null,
	}));
}

async function newestPipelines(database: Deps["database"], repositories: readonly string[]): Promise<PipelineRow[]> {
	const newest = await database.$queryRaw<{ id: string }[]>`
		select p.id from unnest(${repositories}::text[]) as r(name)
		cross join lateral (select id from pipeline where repository = r.name order by number desc limit 1) p`;
	return pipelineRows(database, await database.pipeline.findMany({ where: { id: { in: newest.map(({ id }) => id) } } }));
}

/** Throws `not-found`. */
export async function readRepository(deps: ViewDeps, name: string): Promise<RepositoryRow> {
	const [row] = await rowsWhere(deps, { name }, 1);
	if (!row) throw new AppError("not-found", `There is no repository ${name}.`);
	return row;
}
