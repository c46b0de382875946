import { AppError } from "@/domain/errors";
import { portOf } from "@/domain/installation";
import { gatewayHosts } from "@/domain/names";
import { pipelineEnvironment } from "@/domain/pipeline/model";
import { whyNotCancel } from "@/domain/scaffold/gate";
import type { ScaffoldState, ScaffoldStepName, ScaffoldStepState } from "@/domain/scaffold/model";
import type { Deps } from "@/server/deps";
import { listEnvironments } from "@/server/store/environment";
import { pipelineRows } from "@/server/store/pipeline-view";
import { cloneUrl } from "@/server/store/repository-view";
import { rolloutsOf } from "@/server/store/scaffold";
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
		url: state === "done" ? await addressIn({ database, env }, name) : null,
		verbs: { cancel: whyNotCancel({ name, state, cancelRequestedBy, rollouts: await rolloutsOf(database, name) }) },
	};
}

/** Its id, for who follows it. Throws `not-found`. */
export async function scaffoldId(database: Deps["database"], name: string): Promise<string> {
	const row = await database.scaffold.findFirst({ where: { name }, orderBy: { number: "desc" }, select: { id: true } });
	if (!row) throw new AppError("not-found", `No service ${name} is being made from a template, and none was.`);
	return row.id;
}

/** Where a service answers in the environment of the pipelines; null when there is no such environment. */
export async function addressIn({ database, env }: ViewDeps, service: string): Promise<string | null> {
	const environment = (await listEnvironments(database)).find(({ name }) => name === pipelineEnvironment);
	if (!environment) return null;
	const { domain, portBase } = env.installation;
	const [host] = gatewayHosts(service, { name: environment.name, primary: environment.isPrimary }, domain);
	return host ? `http://${host}:${portOf(portBase, "gateway")}` : null;
}
