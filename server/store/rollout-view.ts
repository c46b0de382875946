import { commitsBetween, repositoryPath } from "@/adapters/git/bare";
import { type Cursor, readCursor } from "@/domain/cursor";
import { AppError } from "@/domain/errors";
import { whyNot } from "@/domain/policy/gate";
import type { Actor } from "@/domain/roles";
import { differences } from "@/domain/rollout/changes";
import { type RolloutFacts, type RolloutVerb, rolloutVerbs, whyNotVerb } from "@/domain/rollout/gate";
import { emptyMemory, remember } from "@/domain/rollout/memory";
import { endedStates, type RolloutKind, type RolloutState } from "@/domain/rollout/model";
import { nextAction } from "@/domain/rollout/next-action";
import { hasDowntime } from "@/domain/rollout/plan";
import { previewRoutes } from "@/domain/rollout/route-preview";
import { rolloutSteps } from "@/domain/rollout/steps";
import type { ServiceTraffic } from "@/domain/traffic/model";
import type { Prisma } from "@/prisma/generated/client";
import type { Deps } from "@/server/deps";
import { countSuccessful, readAnalysisRuns } from "@/server/store/analysis-run";
import type { Tx } from "@/server/store/client";
import { databaseNow } from "@/server/store/clock";
import { readDecisions, readDecisionsOf } from "@/server/store/decision";
import { listEnvironments, readConfirmation } from "@/server/store/environment";
import { freezesNow } from "@/server/store/freeze";
import { isFresh, readInstances } from "@/server/store/instance-view";
import { releasesById } from "@/server/store/release-view";
import { type RolloutRecord, recordOf } from "@/server/store/rollout";
import { factsAmong, factsOf, readPlaces } from "@/server/store/rollout-facts";
import { observeRollout } from "@/server/store/rollout-observation";
import type { ApprovalRow, ReleaseRow, RolloutChanges, RolloutEventRow, RolloutPage, RolloutRow } from "@/server/views";

type ViewDeps = Pick<Deps, "database" | "env">;

export interface RolloutName {
	readonly service: string;
	readonly environment: string;
	readonly number: number;
}

export async function readRollouts(
	tx: Tx,
	filter: {
		service?: string | undefined;
		environment?: string | undefined;
		before?: string | undefined;
		limit?: number | undefined;
	} = {},
): Promise<RolloutRow[]> {
	const { limit = 50, before, ...where } = filter;
	const rows = await tx.rollout.findMany({
		where: {
			...(where.service ? { service: where.service } : {}),
			...(where.environment ? { environment: where.environment } : {}),
			...(before ? olderThan(readCursor(before, 2)) : {}),
		},
		orderBy: [{ createdAt: "desc" }, { service: "desc" }, { environment: "desc" }, { number: "desc" }],
		take: limit,
	});
	return rolloutRows(tx, rows);
}

/** The first condition says the same once more, in the one form from which an index can begin. */
function olderThan({ at, words: [service = "", environment = ""], number }: Cursor): Prisma.RolloutWhereInput {
	return {
		AND: { createdAt: { lte: at } },
		OR: [
			{ createdAt: { lt: at } },
			{ createdAt: at, service: { lt: service } },
			{ createdAt: at, service, environment: { lt: environment } },
			{ createdAt: at, service, environment, number: { lt: number } },
		],
	};
}

/** Throws `not-found`. */
export async function readRolloutRow(tx: Tx, name: RolloutName): Promise<RolloutRow> {
	const [row] = await rolloutRows(tx, [await findRollout(tx, name)]);
	if (!row) throw new AppError("internal", "a rollout without its row");
	return row;
}

/** Who asks: what they see as refused is what would be refused. */
type Asking = Pick<Actor, "id" | "name" | "role" | "token">;

/** Throws `not-found`. */
export async function readRollout(deps: ViewDeps, name: RolloutName, actor: Asking): Promise<RolloutPage> {
	const tx = deps.database;
	const record = await findRollout(tx, name);
	const rollout = recordOf(record);
	const [facts, measurements, decisions, releases, traffic] = await Promise.all([
		factsOf(tx, rollout),
		readAnalysisRuns(tx, record.id),
		readDecisions(tx, record.id),
		releasesById(tx, [record.fromReleaseId, record.toReleaseId]),
		publishedTraffic(tx, record.service, record.environment),
	]);
	const approved = decisions.filter((one) => one.verdict === "approved" && one.intentHash === rollout.intentHash);
	const { steps: planned, analysis, approval } = rollout.plan;
	const row = rowOf(record, releases, traffic);
	const toRelease = releases.get(record.toReleaseId);
	if (!toRelease) throw new AppError("internal", `The release of rollout ${record.number} is gone.`);
	const numbers = [toRelease.number, row.from].filter((number) => number !== null);
	const [instances, drains, events, successful, waits, changes, confirmation, proxies] = await Promise.all([
		readInstances(tx, {
			service: record.service,
			environment: record.environment,
			OR: [{ rolloutId: record.id }, { release: { in: numbers }, phase: { not: "gone" } }],
		}),
		readDrains(tx, record.id),
		tx.rolloutEvent.findMany({ where: { rolloutId: record.id }, orderBy: { sequence: "desc" }, take: 500 }),
		countSuccessful(tx, record.id),
		waitsFor(tx, rollout),
		sourcesOf(tx, [rollout]).then((sources) => changesOf(deps, rollout, sources)),
		readConfirmation(tx, record.environment),
		readProxies(tx, record.service, record.environment),
	]);
	return {
		...row,
		fromRelease: (record.fromReleaseId && releases.get(record.fromReleaseId)) || null,
		toRelease,
		intentHash: record.intentHash,
		steps: rolloutSteps(
			{
				...{ state: row.state, from: row.from, to: row.to, weight: row.weight, steps: planned ?? [], step: rollout.step },
				approvals: approval ? { given: approved.length, needed: approval.count } : null,
				successful,
				isExclusive: rollout.plan.workload.strategy.kind === "recreate",
			},
			instances,
		),
		waitsFor: waits,
		step: rollout.step,
		stepAt: rollout.stepAt,
		plan: {
			...{ steps: planned ?? [], analysis: analysis ?? null, approval: approval ?? null },
			hasDowntime: hasDowntime(rollout.plan),
		},
		measurements,
		decisions,
		expiresAt: approval ? new Date(record.createdAt.getTime() + approval.expiresMs) : null,
		routes: previewRoutes(rollout.plan, row.state, rollout.step, traffic),
		changes,
		confirmation,
		instances,
		revision: traffic?.revision ?? 0,
		proxies,
		drains,
		events: events.map(eventRow),
		verbs: verbsOf(facts, actor, name),
	};
}

/** Sequence of the newest event: what a live page resumes from. Throws `not-found`. */
export async function rolloutIdentity(tx: Tx, name: RolloutName): Promise<{ id: string; sequence: number }> {
	const { id, eventSequence } = await findRollout(tx, name);
	return { id, sequence: eventSequence };
}

/** Oldest first, at most 500 at once. Throws `not-found`. */
export async function readRolloutEvents(tx: Tx, name: RolloutName, after: number): Promise<RolloutEventRow[]> {
	const { id } = await findRollout(tx, name);
	const where = { rolloutId: id, sequence: { gt: after } };
	return (await tx.rolloutEvent.findMany({ where, orderBy: { sequence: "asc" }, take: 500 })).map(eventRow);
}

function eventRow(event: Omit<RolloutEventRow, "data"> & { readonly data: unknown }): RolloutEventRow {
	const { sequence, at, kind, actor, message, data } = event;
	return { sequence, at, kind, actor, message, data: data as Record<string, unknown> };
}

function verbsOf(facts: RolloutFacts, actor: Asking, name: RolloutName): RolloutPage["verbs"] {
	const entries = rolloutVerbs.map((verb) => [verb, refusalOf(verb, facts, actor, name)]);
	return Object.fromEntries(entries) as RolloutPage["verbs"];
}

/** As the procedure would refuse it: the role first, then the rollout's own gate. */
function refusalOf(verb: RolloutVerb, facts: RolloutFacts, actor: Asking, name: RolloutName): string | null {
	return whyNot(actor, `rollout.${verb === "promote-full" ? "promote" : verb}`, name) ?? whyNotVerb(verb, facts, actor);
}

/** As the workflow would say it now; deadlines that only its memory knows do not change what is waited for. */
async function waitsFor(tx: Tx, rollout: RolloutRecord): Promise<string | null> {
	if (endedStates.includes(rollout.state) || rollout.state === "queued") return null;
	const observation = await observeRollout(tx, rollout);
	const action = nextAction(rollout.plan, observation, remember(emptyMemory, observation));
	return action.kind === "wait" ? action.for : null;
}

export interface InboxPageWish {
	/** As a rollout's place in the list is written: only those that came after it. */
	readonly after?: string | undefined;
	readonly limit?: number | undefined;
}

/** A page of the rollouts that await approval, oldest first; a fixed number of questions, however many there are. */
export async function readInbox(deps: ViewDeps, actor: Asking, { after, limit = 50 }: InboxPageWish): Promise<ApprovalRow[]> {
	const tx = deps.database;
	const rows = await tx.rollout.findMany({
		where: { state: "awaiting-approval", ...(after ? newerThan(readCursor(after, 2)) : {}) },
		orderBy: [{ createdAt: "asc" }, { service: "asc" }, { environment: "asc" }, { number: "asc" }],
		take: limit,
	});
	const ids = rows.map(({ id }) => id);
	const records = rows.map(recordOf);
	const [shown, places, decisions, confirmations, releases, freezeOf] = await Promise.all([
		rolloutRows(tx, rows),
		readPlaces(tx, ids),
		readDecisionsOf(tx, ids),
		listEnvironments(tx),
		sourcesOf(tx, records),
		freezesNow(tx),
	]);
	const confirmationIn = new Map(confirmations.map(({ name, confirmation }) => [name, confirmation]));
	return Promise.all(
		records.map(async (rollout, index): Promise<ApprovalRow> => {
			const own = decisions.get(rollout.id) ?? [];
			const facts = factsAmong(rollout, places, own, freezeOf);
			const { approval } = rollout.plan;
			const [row] = shown.slice(index, index + 1);
			if (!row) throw new AppError("internal", `The rollout ${rollout.number} has no row.`);
			return {
				...row,
				intentHash: rollout.intentHash,
				approvedBy: own
					.filter((one) => one.verdict === "approved" && one.intentHash === rollout.intentHash)
					.map((one) => one.userName),
				needed: approval?.count ?? 0,
				role: approval?.role ?? "",
				expiresAt: new Date(rollout.createdAt.getTime() + (approval?.expiresMs ?? 0)),
				changes: await changesOf(deps, rollout, releases),
				confirmation: confirmationIn.get(rollout.environment) ?? "name",
				refusal: refusalOf("approve", facts, actor, row),
				rejectRefusal: refusalOf("reject", facts, actor, row),
			};
		}),
	);
}

function newerThan({ at, words: [service = "", environment = ""], number }: Cursor): Prisma.RolloutWhereInput {
	return {
		AND: { createdAt: { gte: at } },
		OR: [
			{ createdAt: { gt: at } },
			{ createdAt: at, service: { gt: service } },
			{ createdAt: at, service, environment: { gt: environment } },
			{ createdAt: at, service, environment, number: { gt: number } },
		],
	};
}

type Source = Pick<Prisma.ReleaseModel, "id" | "commit" | "repository">;

/** What both releases of each rollout were made of, by their ids. */
async function sourcesOf(tx: Tx, rollouts: readonly RolloutRecord[]): Promise<Map<string, Source>> {
	const ids = rollouts.flatMap(({ plan }) => [plan.from?.id ?? "", plan.to.id]);
	const select = { id: true, commit: true, repository: true } as const;
	const rows = await tx.release.findMany({ where: { id: { in: ids } }, select });
	return new Map(rows.map((row) => [row.id, row]));
}

/** Between what served and what comes: commits from the repository, configuration from the manifests. */
async function changesOf(
	{ env }: ViewDeps,
	{ plan }: RolloutRecord,
	releases: ReadonlyMap<string, Source>,
): Promise<RolloutChanges> {
	const config = plan.fromWorkload ? differences(plan.fromWorkload, plan.workload) : [];
	const [from, to] = [plan.from?.id ?? "", plan.to.id].map((id) => releases.get(id));
	if (!from?.commit || !to?.commit || from.commit === to.commit)
		return { commits: from?.commit && to?.commit ? [] : null, config };
	const path = repositoryPath(env.paths.repositories, to.repository);
	return { commits: await commitsBetween(path, from.commit, to.commit), config };
}

async function findRollout(tx: Tx, { service, environment, number }: RolloutName): Promise<Prisma.RolloutModel> {
	const row = await tx.rollout.findUnique({ where: { service_environment_number: { service, environment, number } } });
	if (!row) throw new AppError("not-found", `There is no rollout ${number} of ${service} in ${environment}.`);
	return row;
}

/** Adds releases and published weights to rows of any services. */
export async function rolloutRows(tx: Tx, rows: readonly Prisma.RolloutModel[]): Promise<RolloutRow[]> {
	const releases = await releasesById(
		tx,
		rows.flatMap((row) => [row.fromReleaseId, row.toReleaseId]),
	);
	const unfinished = rows.filter((row) => !endedStates.includes(row.state as RolloutState));
	const traffics = await publishedTraffics(tx, unfinished);
	return rows.map((row) => rowOf(row, releases, traffics.get(`${row.service}/${row.environment}`) ?? null));
}

function rowOf(row: Prisma.RolloutModel, releases: ReadonlyMap<string, ReleaseRow>, traffic: ServiceTraffic | null): RolloutRow {
	const { service, environment, number, strategy, reason, startedBy, createdAt, endedAt } = row;
	const state = row.state as RolloutState;
	const to = releases.get(row.toReleaseId)?.number ?? 0;
	const published = traffic?.releases.find((release) => release.release === to)?.weight ?? 0;
	const weight = endedStates.includes(state) ? (state === "promoted" ? 100 : 0) : published;
	const from = (row.fromReleaseId && releases.get(row.fromReleaseId)?.number) || null;
	const { pausedAt, pausedBy, pausedReason } = row;
	const isHeld = pausedAt !== null && state === "running";
	const paused = isHeld ? { by: pausedBy ?? "someone", reason: pausedReason ?? "", at: pausedAt } : null;
	const kind = row.kind as RolloutKind;
	const rest = { service, environment, number, strategy, state, reason, from, to, startedBy, createdAt, endedAt };
	return { ...rest, weight, kind, paused };
}

async function publishedTraffics(
	tx: Tx,
	places: readonly { service: string; environment: string }[],
): Promise<Map<string, ServiceTraffic | null>> {
	if (places.length === 0) return new Map();
	const rows = await tx.serviceEnvironment.findMany({
		where: { OR: places.map(({ service, environment }) => ({ service, environment })) },
		select: { service: true, environment: true, traffic: true },
	});
	return new Map(rows.map((row) => [`${row.service}/${row.environment}`, row.traffic as unknown as ServiceTraffic | null]));
}

async function publishedTraffic(tx: Tx, service: string, environment: string): Promise<ServiceTraffic | null> {
	const row = await tx.serviceEnvironment.findUnique({
		where: { service_environment: { service, environment } },
		select: { traffic: true },
	});
	return (row?.traffic as unknown as ServiceTraffic | null) ?? null;
}

async function readProxies(tx: Tx, service: string, environment: string): Promise<RolloutPage["proxies"]> {
	const proxies = await tx.proxy.findMany({ where: { host: { state: { not: "removed" } } }, orderBy: { id: "asc" } });
	const acks = await tx.proxyAck.findMany({ where: { service, environment } });
	const now = await databaseNow(tx);
	return proxies.map((proxy) => {
		const ack = acks.find((one) => one.proxyId === proxy.id);
		return {
			id: proxy.id,
			roles: proxy.roles,
			acknowledged: ack?.revision ?? null,
			verdict: ack?.verdict ?? null,
			silentSince: isFresh(proxy.leaseAt, now) ? null : (proxy.leaseAt ?? new Date(0)),
		};
	});
}

async function readDrains(tx: Tx, rolloutId: string): Promise<RolloutPage["drains"]> {
	const samples = await tx.drainSample.findMany({ where: { rolloutId }, orderBy: { at: "asc" } });
	const groups = Map.groupBy(samples, (sample) => sample.instanceId);
	const instances = await tx.instance.findMany({ where: { id: { in: [...groups.keys()] } } });
	return [...groups].map(([instance, own]) => {
		const row = instances.find((one) => one.id === instance);
		const startedAt = row?.drainingAt ?? own[0]?.at ?? new Date(0);
		return {
			instance,
			startedAt,
			endedAt: row && row.phase !== "draining" ? (own.at(-1)?.at ?? null) : null,
			samples: own.map(({ at, active }) => ({ atMs: at.getTime() - startedAt.getTime(), active })),
		};
	});
}
