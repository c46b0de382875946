import { AppError } from "@/domain/errors";
import type { Actor } from "@/domain/roles";
import type { Deps } from "@/server/deps";
import { logSource } from "@/server/live/log-source";
import { type LiveSource, wholeView } from "@/server/live/stream";
import { readHosts } from "@/server/store/host-view";
import { type PipelineName, pipelineId, readPipeline, readPipelineLog } from "@/server/store/pipeline-view";
import { type RolloutName, readRollout, rolloutIdentity } from "@/server/store/rollout-view";
import { readScaffold, scaffoldId } from "@/server/store/scaffold-view";

type SourceDeps = Pick<Deps, "database" | "env">;

/**
 * `log/<service>/<environment>[/<instance>]`, `scaffold/<name>`, `rollout/<service>/<environment>/<number>`, `pipeline/<repository>/<number>`, `hosts` or `overview`. `after` is the
 * reader's Last-Event-ID. Throws `not-found`.
 */
export async function openSource(deps: SourceDeps, actor: Actor, path: readonly string[], after: number): Promise<LiveSource> {
	const [kind, ...rest] = path;
	if (kind === "rollout" && rest.length === 3) {
		const [service = "", environment = "", number] = rest;
		return rolloutSource(deps, actor, { service, environment, number: numberOf(number) });
	}
	if (kind === "pipeline" && rest.length === 2) {
		const [repository = "", number] = rest;
		return pipelineSource(deps, { repository, number: numberOf(number) }, after);
	}
	if (kind === "scaffold" && rest.length === 1) return scaffoldSource(deps, rest[0] ?? "");
	if (kind === "log" && (rest.length === 2 || rest.length === 3)) {
		const [service = "", environment = "", instance = null] = rest;
		return logSource(deps, actor, { service, environment }, instance, after);
	}
	if (kind === "hosts" && rest.length === 0) return hostsSource(deps);
	if (kind === "overview" && rest.length === 0) return overviewSource();
	throw new AppError("not-found", `There is nothing live at ${path.join("/")}.`);
}

function numberOf(text: string | undefined): number {
	const number = Number(text);
	if (!Number.isSafeInteger(number) || number < 1) throw new AppError("not-found", `There is no number ${text ?? ""}.`);
	return number;
}

async function rolloutSource(deps: SourceDeps, actor: Actor, name: RolloutName): Promise<LiveSource> {
	const { database } = deps;
	const { id } = await rolloutIdentity(database, name);
	const key = `${name.service}/${name.environment}`;
	return wholeView(
		(channel, payload) => (channel === "rollout" && payload === id) || (channel === "observed" && payload === key),
		async () => {
			const { sequence } = await rolloutIdentity(database, name);
			return { id: sequence, data: await readRollout(deps, name, actor) };
		},
	);
}

async function pipelineSource({ database }: Pick<Deps, "database">, name: PipelineName, after: number): Promise<LiveSource> {
	const id = await pipelineId(database, name);
	let next = after;
	const page = wholeView(
		() => true,
		async () => ({ id: next, data: await readPipeline(database, name) }),
	);
	return {
		isConcerned: (channel, payload) => channel === "pipeline" && payload === id,
		async read() {
			const log = await readPipelineLog(database, name, next);
			next = log.next;
			const lines = log.lines.length > 0 ? [{ id: next, data: log.lines }] : [];
			return [...lines, ...(await page.read())];
		},
	};
}

async function scaffoldSource(deps: SourceDeps, name: string): Promise<LiveSource> {
	const id = await scaffoldId(deps.database, name);
	return wholeView(
		(channel, payload) => channel === "scaffold" && payload === id,
		async () => ({ id: 0, data: await readScaffold(deps, name) }),
	);
}

function hostsSource({ database }: Pick<Deps, "database">): LiveSource {
	return wholeView(
		(channel) => channel === "host" || channel === "observed",
		async () => ({ id: 0, data: await readHosts(database) }),
	);
}

/** Says only that something changed; the page asks for what it shows. */
function overviewSource(): LiveSource {
	let told = 0;
	let seen = 0;
	return {
		isConcerned: (channel) => {
			if (channel !== "host") seen += 1;
			return channel !== "host";
		},
		async read() {
			if (told === seen) return [];
			told = seen;
			return [{ id: told, data: { changes: told } }];
		},
	};
}
