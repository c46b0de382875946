import { AppError } from "@/domain/errors";
import type { Deps } from "@/server/deps";
import { pipelineRows } from "@/server/store/pipeline-view";
import type { RepositoryRow } from "@/server/views";

type ViewDeps = Pick<Deps, "database"> & { readonly env: { readonly gitUrl: string } };

export function cloneUrl(env: { readonly gitUrl: string }, repository: string): string {
	return `${env.gitUrl}/${repository}.git`;
}

export async function readRepositories(deps: ViewDeps, name?: string): Promise<RepositoryRow[]> {
	const { database } = deps;
	const rows = await database.repository.findMany({
		where: name === undefined ? {} : { name },
		orderBy: { name: "asc" },
		include: { pipelines: { orderBy: { number: "desc" }, take: 1 } },
	});
	const services = await database.service.findMany({
		where: { repository: { in: rows.map((row) => row.name) } },
		select: { name: true, repository: true },
	});
	const pipelines = await pipelineRows(
		database,
		rows.flatMap((row) => row.pipelines),
	);
	return rows.map((row) => ({
		name: row.name,
		defaultBranch: row.defaultBranch,
		cloneUrl: cloneUrl(deps.env, row.name),
		service: services.find((service) => service.repository === row.name)?.name ?? null,
		lastPipeline: pipelines.find((pipeline) => pipeline.repository === row.name) ?? null,
	}));
}

/** Throws `not-found`. */
export async function readRepository(deps: ViewDeps, name: string): Promise<RepositoryRow> {
	const [row] = await readRepositories(deps, name);
	if (!row) throw new AppError("not-found", `There is no repository ${name}.`);
	return row;
}
