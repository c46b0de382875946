import { randomUUID } from "node:crypto";
import { branchHeads, hasFile, lastPusher, readCommit, repositoryPath } from "@/adapters/git/bare";
import type { Log } from "@/adapters/log/log";
import { messageOf } from "@/domain/errors";
import { missingManifest } from "@/domain/import/missing-manifest";
import { diffHeads, type Head } from "@/domain/pipeline/heads";
import { pusherOf } from "@/domain/pipeline/pusher";
import type { Env } from "@/server/env";
import { recordAudit } from "@/server/store/audit";
import type { Database, Tx } from "@/server/store/client";
import { enqueue } from "@/server/store/outbox";
import { insertPipeline } from "@/server/store/pipeline";
import { lockRepository, recordedHeads, removeHeads, repositoryNames, saveHead } from "@/server/store/repository";

export interface PushDeps {
	readonly database: Database;
	readonly env: Pick<Env, "paths" | "portalUrl">;
	readonly log: Log;
}

export interface RecordedPush extends Head {
	readonly pipelineId: string;
	readonly number: number;
	/** Of the default branch: nothing says how it is built. */
	readonly isWithoutManifest: boolean;
}

/**
 * Makes the record equal to the bare repository, in one transaction: for each branch that moved its head, a pipeline,
 * an audit row and the outbox row that starts the workflow. The repository is read under its row lock, so two calls at
 * once (the git server's and a worker's) record each push once and never an older head over a newer one.
 */
export async function recordPushes(deps: PushDeps, repository: string): Promise<readonly RecordedPush[]> {
	const path = repositoryPath(deps.env.paths.repositories, repository);
	return deps.database.$transaction(
		async (tx) => {
			const row = await lockRepository(tx, repository);
			if (!row) return [];
			const changes = diffHeads(await recordedHeads(tx, repository), await branchHeads(path));
			if (changes.deleted.length > 0) await removeHeads(tx, repository, changes.deleted);
			const recorded: RecordedPush[] = [];
			for (const head of changes.pushed) {
				const isWithoutManifest = head.branch === row.defaultBranch && !(await hasFile(path, head.commit, "sluice.yaml"));
				recorded.push({ ...(await recordPush(tx, path, repository, head)), isWithoutManifest });
			}
			return recorded;
		},
		{ maxWait: 15_000, timeout: 30_000 },
	);
}

async function recordPush(
	tx: Tx,
	path: string,
	repository: string,
	head: Head,
): Promise<Omit<RecordedPush, "isWithoutManifest">> {
	const facts = await readCommit(path, head.commit);
	const pusher = pusherOf(await lastPusher(path, head.branch));
	const id = randomUUID();
	await saveHead(tx, repository, head, pusher.name, new Date());
	const number = await insertPipeline(tx, {
		id,
		repository,
		branch: head.branch,
		commit: head.commit,
		commitMessage: facts.message,
		author: facts.author,
		pushedBy: pusher.name,
		pushedById: pusher.kind === "system" ? "" : pusher.id,
	});
	const subject = `${repository}/${number}`;
	const summary = `${pusher.name} pushed ${head.commit.slice(0, 7)} to ${head.branch} of ${repository}`;
	await recordAudit(tx, pusher, {
		action: "pipeline.push",
		subjectKind: "pipeline",
		subject,
		summary,
		data: { branch: head.branch, commit: head.commit },
	});
	await enqueue(tx, "pipeline.start", `pipeline.start/${repository}/${number}`, { pipelineId: id, repository, number });
	return { ...head, pipelineId: id, number };
}

/** What the person who pushes reads in their terminal. */
export function pushSentences(deps: PushDeps, repository: string, pushes: readonly RecordedPush[]): string[] {
	return pushes.flatMap(({ branch, number, isWithoutManifest }) => [
		`${branch}: pipeline ${number} at ${deps.env.portalUrl}/pipelines/${repository}/${number}`,
		...(isWithoutManifest ? [missingManifest(repository, deps.env.portalUrl)] : []),
	]);
}

const everyMs = 10_000;

/** Finds pushes whose record was lost with the git server: at once and every 10 s. Never throws; close it at the end. */
export function startPushReconciler(deps: PushDeps): { close(): Promise<void> } {
	let isClosed = false;
	let timer: NodeJS.Timeout | null = null;
	let current = Promise.resolve();
	const round = async (): Promise<void> => {
		try {
			for (const name of await repositoryNames(deps.database)) await reconcile(deps, name);
		} catch (error) {
			deps.log.warn({ error: messageOf(error) }, "pushes cannot be compared now");
		}
		if (!isClosed) timer = setTimeout(start, everyMs);
	};
	const start = (): void => {
		current = round();
	};
	start();
	return {
		async close() {
			isClosed = true;
			if (timer) clearTimeout(timer);
			await current;
		},
	};
}

/** Takes the lock only when something differs. */
async function reconcile(deps: PushDeps, repository: string): Promise<void> {
	try {
		const actual = await branchHeads(repositoryPath(deps.env.paths.repositories, repository));
		const { pushed, deleted } = diffHeads(await recordedHeads(deps.database, repository), actual);
		if (pushed.length + deleted.length === 0) return;
		const recorded = await recordPushes(deps, repository);
		if (recorded.length > 0) deps.log.warn({ repository, pushes: recorded.length }, "pushes without a record were found");
	} catch (error) {
		deps.log.warn({ repository, error: messageOf(error) }, "a repository cannot be compared now");
	}
}
