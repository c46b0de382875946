import { AppError } from "@/domain/errors";
import { pipelineEnvironment } from "@/domain/pipeline/model";
import { whyNotCancel } from "@/domain/scaffold/gate";
import type { ScaffoldState, ScaffoldStepName, ScaffoldStepState } from "@/domain/scaffold/model";
import type { Deps } from "@/server/deps";
import { listEnvironments } from "@/server/store/environment";
import { gatewayToShow } from "@/server/store/gateway";
import { pipelineRows } from "@/server/store/pipeline-view";
import { cloneUrl } from "@/server/store/repository-view";
import { rolloutsOf } from "@/server/store/scaffold";
import { type WayIn, wayInto } from "@/server/store/way-in";
import type { ScaffoldPage } from "@/server/views";

type ViewDeps = Pick<Deps, "database"> & { readonly env: Pick<Deps["env"], "gitUrl" | "installation"> };

/** The newest run of this name. Throws `not-found`. */
export async function readScaffold({ database, env }: ViewDeps, name: string): Promise<ScaffoldPage> {
	const row = await database.scaffold.findFirst({
		where: { name },
		orderBy: { number: "desc" },
		include: { steps: { orderBy: { position: "asc" } } },
	});
	if (!row) throw new AppError("not-found", `No service ${name} is being made from a template, and none was.`);
	const pipelines = await database.pipeline.findMany({ where: { repository: name }, orderBy: { number: "desc" }, take: 1 });
	const [pipeline = null] = row.hasRepository ? await pipelineRows(database, pipelines) : [];
	const state = row.state as ScaffoldState;
	const { number, template, requestedBy, cancelRequestedBy, reason, createdAt, endedAt } = row;
	return {
		name,
		number,
		template,
		state,
		reason,
		requestedBy,
		cancelRequestedBy,
		createdAt,
		endedAt,
		steps: row.steps.map((step) => ({
			name: step.name as ScaffoldStepName,
			state: step.state as ScaffoldStepState,
			message: step.message,
			startedAt: step.startedAt,
			endedAt: step.endedAt,
		})),
		pipeline,
		cloneUrl: row.hasRepository ? cloneUrl(env, name) : null,
		...(state === "done" ? await wayIntoFirst({ database, env }, name) : noWayIn),
		verbs: { cancel: whyNotCancel({ name, state, cancelRequestedBy, rollouts: await rolloutsOf(database, name) }) },
	};
}

/** Its id, for who follows it. Throws `not-found`. */
export async function scaffoldId(database: Deps["database"], name: string): Promise<string> {
	const row = await database.scaffold.findFirst({ where: { name }, orderBy: { number: "desc" }, select: { id: true } });
	if (!row) throw new AppError("not-found", `No service ${name} is being made from a template, and none was.`);
	return row.id;
}

/** How a service is called in the environment of the pipelines. */
export async function wayIntoFirst({ database, env }: ViewDeps, service: string): Promise<WayIn> {
	const environment = (await listEnvironments(database)).find(({ name }) => name === pipelineEnvironment);
	if (!environment) return noWayIn;
	return wayInto(env.installation, service, environment, await gatewayToShow(database));
}

const noWayIn: WayIn = { url: null, curl: null };
