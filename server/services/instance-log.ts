import { type LogQuery, readLog } from "@/adapters/instance-log/reader";
import { type LogIdentity, listInstances } from "@/adapters/instance-log/segment";
import { AppError } from "@/domain/errors";
import { isInstanceId, lineTimeOf, parsePlace, placeText } from "@/domain/instance-log/model";
import { isSlug } from "@/domain/names";
import type { Deps } from "@/server/deps";
import { placedInstances } from "@/server/store/logged-instance";
import { hasService } from "@/server/store/service";
import type { LoggedInstanceRow, LogPage } from "@/server/views";

type LogDeps = Pick<Deps, "database" | "env">;

export interface LogQuestion extends LogIdentity {
	readonly direction: LogQuery["direction"];
	readonly instance: string | null;
	/** A page's `next`. */
	readonly from: string | null;
	readonly since: Date | null;
	readonly until: Date | null;
	readonly search: string;
	readonly limit: number;
}

/** A page of what a service wrote in an environment. Throws `not-found` and `invalid`. */
export async function readInstanceLog(deps: LogDeps, question: LogQuestion): Promise<LogPage> {
	const { service, environment, instance, since, until } = question;
	await checkLogIdentity(deps, { service, environment }, instance);
	const from = question.from === null ? null : parsePlace(question.from);
	if (question.from !== null && from === null) throw new AppError("invalid", `"${question.from}" is no place in a log.`);
	const page = await readLog(
		deps.env.paths.instanceLogs,
		{ service, environment },
		{ ...question, from, since: since && lineTimeOf(since.getTime()), until: until && lineTimeOf(until.getTime()) },
	);
	return { ...page, next: page.next && placeText(page.next) };
}

/** Everything that has a log here: what runs first, then what is gone, newest first. */
export async function loggedInstances(deps: LogDeps, identity: LogIdentity): Promise<LoggedInstanceRow[]> {
	await checkLogIdentity(deps, identity, null);
	const logged = new Set(await listInstances(deps.env.paths.instanceLogs, identity));
	const placed = (await placedInstances(deps.database, identity)).filter(({ id, isGone }) => !isGone || logged.has(id));
	const known = new Set(placed.map(({ id }) => id));
	const forgotten = [...logged].filter((id) => !known.has(id)).map((id) => ({ id, host: null, release: null, isGone: true }));
	return [...placed.filter(({ isGone }) => !isGone), ...placed.filter(({ isGone }) => isGone), ...forgotten];
}

/** Names become paths: only those of a service that there is. Throws `not-found`. */
export async function checkLogIdentity(
	{ database }: Pick<Deps, "database">,
	{ service, environment }: LogIdentity,
	instance: string | null,
): Promise<void> {
	const isNamed = isSlug(service) && isSlug(environment) && (instance === null || isInstanceId(instance));
	if (isNamed && (await hasService(database, service))) return;
	throw new AppError("not-found", `There is no service ${service} whose log in ${environment} could be read.`);
}
