import { setTimeout as pause } from "node:timers/promises";
import { ApplicationFailure } from "@temporalio/activity";
import { createBareRepository, removeBareRepository, repositoryPath } from "@/adapters/git/bare";
import { makeFirstCommit } from "@/adapters/git/first-commit";
import { AppError } from "@/domain/errors";
import { pusherEmail } from "@/domain/pipeline/pusher";
import { type Actor, systemActor } from "@/domain/roles";
import { judgeDelivery } from "@/domain/scaffold/delivery";
import type { ScaffoldStepName } from "@/domain/scaffold/model";
import { type PushDeps, recordPushes } from "@/server/services/push";
import { recordAudit } from "@/server/store/audit";
import { enqueue } from "@/server/store/outbox";
import { requestCancel } from "@/server/store/pipeline";
import { insertRepository, recordedHeads } from "@/server/store/repository";
import {
	deliveryFacts,
	endSteps,
	findScaffold,
	holderOfName,
	lockScaffold,
	markRepositoryMade,
	removeMade,
	type StoredScaffold,
	setCancelRequested,
	setScaffoldState,
	setScaffoldStep,
	unfinishedPipelines,
} from "@/server/store/scaffold";
import { asActivity } from "@/workflows/activities/as-activity";

export type ScaffoldActivities = ReturnType<typeof createScaffoldActivities>;

const defaultBranch = "main";
/** A notice may be lost, and a look is two small questions. */
const lookMs = 1_000;
/** Then the workflow asks again, so its history shows that it lives. */
const waitMs = 10 * 60_000;

export function createScaffoldActivities(deps: PushDeps) {
	const { database } = deps;
	const pathOf = (name: string) => repositoryPath(deps.env.paths.repositories, name);
	return {
		checkName: (id: string): Promise<void> =>
			step(deps, id, "name", async ({ name, hasRepository }) => {
				const holder = hasRepository ? null : await holderOfName(database, name);
				if (holder) throw new AppError("conflict", `There is a ${holder} ${name} already: choose another name.`);
				return `${name} is free`;
			}),

		/** The folder comes first, as everywhere; the row and the run's own mark are one transaction. */
		makeRepository: (id: string): Promise<void> =>
			step(deps, id, "repository", async ({ name }) => {
				await createBareRepository(pathOf(name), defaultBranch);
				await database.$transaction(async (tx) => {
					const scaffold = await living(await lockScaffold(tx, id));
					if (scaffold.hasRepository) return;
					const createdBy = scaffold.requestedBy;
					if (!(await insertRepository(tx, { name, defaultBranch, createdBy }))) {
						throw new AppError("conflict", `There is a repository ${name} already: choose another name.`);
					}
					await markRepositoryMade(tx, id);
					const summary = `${createdBy} made the repository ${name} from the template ${scaffold.template}`;
					const record = { action: "repository.create", subjectKind: "repository", subject: name, summary };
					await recordAudit(tx, actorOf(scaffold), record);
				});
				return name;
			}),

		commitTemplate: (id: string): Promise<void> =>
			step(deps, id, "commit", async (scaffold) => {
				const { name, files, template, createdAt: at, requestedBy, email } = scaffold;
				const pushed = (await recordedHeads(database, name)).find(({ branch }) => branch === defaultBranch);
				if (pushed) return `${pushed.commit.slice(0, 7)}, recorded before`;
				const commit = await makeFirstCommit(pathOf(name), {
					branch: defaultBranch,
					message: `First version of ${name}, from the template ${template}`,
					author: { name: requestedBy, email },
					at,
					pusher: { name: requestedBy, email: pusherEmail(actorOf(scaffold)) },
					files,
				});
				return `${commit.slice(0, 7)}, ${files.length} files`;
			}),

		/** As a push would be; whoever records it, it is recorded once. */
		recordFirstPush: (id: string): Promise<void> =>
			step(deps, id, "push", async ({ name }) => {
				await recordPushes(deps, name);
				return `${defaultBranch} of ${name}`;
			}),

		/** True when the service serves in staging; false after a while, to be asked again. */
		awaitDelivery: (id: string): Promise<boolean> =>
			asActivity<never, boolean>(async ({ signal }) => {
				const until = Date.now() + waitMs;
				for (let told = ""; Date.now() < until; await pause(lookMs, undefined, { signal }).catch(() => {})) {
					signal.throwIfAborted();
					const scaffold = await living(await findScaffold(database, id));
					const delivery = judgeDelivery(await deliveryFacts(database, scaffold.name));
					const words = JSON.stringify(delivery);
					if (words !== told) await tell(deps, id, delivery);
					if (delivery.state === "delivered") return true;
					told = words;
				}
				return false;
			}),

		openService: (id: string): Promise<void> =>
			asActivity(async () => {
				await database.$transaction(async (tx) => {
					const scaffold = await lockScaffold(tx, id);
					if (!scaffold || scaffold.state === "done") return;
					const now = new Date();
					await setScaffoldStep(tx, id, "open", { state: "done", message: null }, now);
					await setScaffoldState(tx, id, { state: "done", reason: null }, now);
					const summary = `The service ${scaffold.name} was created from the template ${scaffold.template} for ${scaffold.requestedBy}`;
					const record = { action: "scaffold.end", subjectKind: "service", subject: scaffold.name, summary };
					await recordAudit(tx, systemActor, record);
				});
			}),

		/** What it had made itself is taken away with it, unless somebody builds on it already. */
		failScaffold: (id: string, reason: string): Promise<void> =>
			asActivity(async () => {
				await database.$transaction(async (tx) => {
					const scaffold = await lockScaffold(tx, id);
					if (!scaffold || scaffold.state === "failed") return;
					const { name, hasRepository } = scaffold;
					if (hasRepository && (await removeMade(tx, { id, name }))) removeBareRepository(pathOf(name));
					const now = new Date();
					await endSteps(tx, id, "failed", now);
					await setScaffoldState(tx, id, { state: "failed", reason }, now);
					const record = { action: "scaffold.end", subjectKind: "service", subject: scaffold.name, summary: reason };
					await recordAudit(tx, systemActor, record);
				});
			}),

		/**
		 * Takes away what the run has made: first its pipelines end, then the folder goes, then the rows. False = the
		 * service was deployed before the cancel arrived: all stays, and the run goes on.
		 */
		removeScaffold: (id: string): Promise<boolean> =>
			asActivity<never, boolean>(async ({ signal }) => {
				const scaffold = await findScaffold(database, id);
				if (!scaffold) return true;
				if (!scaffold.hasRepository) {
					await database.$transaction((tx) => markCancelled(tx, scaffold));
					return true;
				}
				const { name } = scaffold;
				await endPipelines(deps, scaffold, signal);
				const isRemoved = await database.$transaction(async (tx) => {
					if (!(await removeMade(tx, { id, name }))) return false;
					removeBareRepository(pathOf(name));
					await markCancelled(tx, scaffold);
					return true;
				});
				if (!isRemoved) await setCancelRequested(database, id, null);
				return isRemoved;
			}),
	};
}

type Transaction = Parameters<typeof recordAudit>[0];

async function markCancelled(tx: Transaction, { id, name, cancelRequestedBy }: StoredScaffold): Promise<void> {
	const now = new Date();
	await endSteps(tx, id, "cancelled", now);
	const by = cancelRequestedBy ?? "sluice";
	await setScaffoldState(tx, id, { state: "cancelled", reason: `Cancelled by ${by}: nothing of ${name} stays.` }, now);
	const summary = `The creation of ${name} was cancelled by ${by}; what it had made was removed`;
	await recordAudit(tx, systemActor, { action: "scaffold.end", subjectKind: "service", subject: name, summary });
}

async function endPipelines({ database }: PushDeps, scaffold: StoredScaffold, signal: AbortSignal): Promise<void> {
	const { name: repository } = scaffold;
	const by = scaffold.cancelRequestedBy ?? "sluice";
	for (;;) {
		signal.throwIfAborted();
		const unfinished = await unfinishedPipelines(database, repository);
		if (unfinished.length === 0) return;
		await database.$transaction(async (tx) => {
			for (const { id: pipelineId, number } of unfinished) {
				if (!(await requestCancel(tx, pipelineId, by))) continue;
				await enqueue(tx, "pipeline.cancel", `pipeline.cancel/${repository}/${number}`, { pipelineId, repository, number });
			}
		});
		await pause(lookMs, undefined, { signal }).catch(() => {});
	}
}

/** The one who asked, as the audit and the reflog name them. */
function actorOf(scaffold: StoredScaffold): Omit<Actor, "role"> {
	const kind = scaffold.requestedByKind === "token" ? "token" : "user";
	return { kind, id: scaffold.requestedById, name: scaffold.requestedBy };
}

/** A cancel is obeyed before each step, also when Temporal was told of it before the workflow began. */
async function living(scaffold: StoredScaffold | null): Promise<StoredScaffold> {
	if (!scaffold) throw ApplicationFailure.nonRetryable("This run is not recorded.", "not-found");
	if (scaffold.cancelRequestedBy !== null) {
		throw ApplicationFailure.nonRetryable(`Cancelled by ${scaffold.cancelRequestedBy}.`, "ScaffoldCancelled");
	}
	return scaffold;
}

async function step(
	{ database }: PushDeps,
	id: string,
	name: ScaffoldStepName,
	work: (scaffold: StoredScaffold) => Promise<string>,
): Promise<void> {
	await asActivity(async () => {
		const scaffold = await living(await findScaffold(database, id));
		await setScaffoldStep(database, id, name, { state: "running", message: null }, new Date());
		const message = await work(scaffold);
		await setScaffoldStep(database, id, name, { state: "done", message }, new Date());
	});
}

async function tell({ database }: PushDeps, id: string, delivery: ReturnType<typeof judgeDelivery>): Promise<void> {
	await database.$transaction(async (tx) => {
		const now = new Date();
		await setScaffoldStep(tx, id, "pipeline", delivery.pipeline, now);
		await setScaffoldStep(tx, id, "rollout", delivery.rollout, now);
		const state = delivery.state === "waiting" ? "waiting" : "running";
		await setScaffoldState(tx, id, { state, reason: delivery.reason }, null);
	});
}
