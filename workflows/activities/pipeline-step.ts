import { ApplicationFailure, activityInfo, Context } from "@temporalio/activity";
import type { Builder } from "@/adapters/builder/port";
import type { Log } from "@/adapters/log/log";
import { AppError, messageOf } from "@/domain/errors";
import type { BaseImageName } from "@/domain/pipeline/base-image";
import { batchMs, LogBatch } from "@/domain/pipeline/log-batch";
import type { PipelineSource, PipelineStepName } from "@/domain/pipeline/model";
import type { Env } from "@/server/env";
import type { Database } from "@/server/store/client";
import { appendLog, cancelRequestedBy, findPipelineSource, logLength, markRunning, setStep } from "@/server/store/pipeline";

export interface PipelineActivityDeps {
	readonly database: Database;
	readonly env: Env;
	readonly log: Log;
	readonly builder: Builder;
	/** Makes or finds a base image for builds without a hub. */
	readonly ensureBase: (name: BaseImageName, onProgress: (line: string) => void) => Promise<string>;
}

export interface StepContext {
	readonly source: PipelineSource;
	/** Aborted by a cancel, and when the worker stops. */
	readonly signal: AbortSignal;
	/** Output as it comes, ANSI codes and carriage returns included. */
	readonly output: (text: string) => void;
	/** A sentence of Sluice's own. */
	readonly say: (sentence: string) => void;
}

export interface StepResult<T> {
	readonly state: "passed" | "skipped";
	readonly message: string | null;
	readonly value: T;
}

/** What was pushed is wrong: the pipeline ends here with this sentence. Other errors are waited out. */
export class StepFailure extends Error {}

class PipelineCancelled extends Error {}

const cancelCheckMs = 1_000;
/** An unknown error (a bug) is tried so often; a part that is away is waited for without end. */
const unknownErrorAttempts = 4;

/**
 * One step of a pipeline as an activity: its state and log in Postgres, heartbeats, and a cancel obeyed within a second
 * or two (asked of Postgres, because Temporal tells a cancel only with a heartbeat's answer).
 */
export async function runStep<T>(
	deps: PipelineActivityDeps,
	pipelineId: string,
	name: PipelineStepName,
	work: (context: StepContext) => Promise<StepResult<T>>,
): Promise<T> {
	const { database } = deps;
	const source = await findPipelineSource(database, pipelineId);
	if (!source) throw ApplicationFailure.nonRetryable(`There is no pipeline ${pipelineId}.`, "StepFailed");
	await markRunning(database, pipelineId, new Date());
	await setStep(database, pipelineId, name, { state: "running" }, new Date());
	const stop = new AbortController();
	const writer = await openLog(deps, pipelineId, name, (error) => stop.abort(error));
	const watch = watchForCancel(deps, pipelineId, stop);
	const attempt = activityInfo().attempt;
	try {
		if (attempt > 1) writer.say(`Attempt ${attempt}: the step begins again.`);
		const context = { source, signal: stop.signal, output: writer.write, say: writer.say };
		const result = await work(context);
		if (result.message !== null) writer.say(result.message);
		await writer.close();
		await setStep(database, pipelineId, name, result, new Date());
		return result.value;
	} catch (error) {
		throw await recordProblem(deps, pipelineId, name, writer, stop.signal.aborted ? stop.signal.reason : error);
	} finally {
		watch.close();
		await writer.close().catch(() => {});
	}
}

async function recordProblem(
	deps: PipelineActivityDeps,
	pipelineId: string,
	name: PipelineStepName,
	writer: LogWriter,
	error: unknown,
): Promise<unknown> {
	if (error instanceof PipelineCancelled) {
		writer.say(error.message);
		await writer.close();
		return ApplicationFailure.nonRetryable(error.message, "PipelineCancelled");
	}
	const message = messageOf(error);
	const isFinal =
		error instanceof StepFailure ||
		(error instanceof AppError && !error.isRetryable && !isOfDatabase(error)) ||
		(!(error instanceof AppError) && !isOfDatabase(error) && activityInfo().attempt >= unknownErrorAttempts);
	writer.say(message);
	await writer.close();
	if (!isFinal) {
		deps.log.warn({ pipelineId, step: name, error: message }, "a pipeline's step is tried again");
		await setStep(deps.database, pipelineId, name, { state: "running", message: `${message} It is tried again.` }, new Date());
		return error;
	}
	await setStep(deps.database, pipelineId, name, { state: "failed", message }, new Date());
	return ApplicationFailure.nonRetryable(message, "StepFailed");
}

function isOfDatabase(error: unknown): boolean {
	return error instanceof Error && (error.name.startsWith("Prisma") || error.name === "DriverAdapterError");
}

function watchForCancel(deps: PipelineActivityDeps, pipelineId: string, stop: AbortController): { close(): void } {
	const context = Context.current();
	const check = async (): Promise<void> => {
		context.heartbeat();
		const by = await cancelRequestedBy(deps.database, pipelineId).catch(() => null);
		if (by !== null) stop.abort(new PipelineCancelled(`Cancelled by ${by}.`));
	};
	const timer = setInterval(() => void check(), cancelCheckMs);
	const onCancel = (): void => {
		const isAsked = context.cancellationSignal.reason?.message === "CANCELLED";
		stop.abort(isAsked ? new PipelineCancelled("Cancelled.") : new AppError("unavailable", "The worker stops."));
	};
	context.cancellationSignal.addEventListener("abort", onCancel, { once: true });
	void check();
	return {
		close() {
			clearInterval(timer);
			context.cancellationSignal.removeEventListener("abort", onCancel);
		},
	};
}

interface LogWriter {
	readonly write: (text: string) => void;
	readonly say: (sentence: string) => void;
	/** Writes what is left. Rejects when the log could not be kept. */
	close(): Promise<void>;
}

async function openLog(
	deps: PipelineActivityDeps,
	pipelineId: string,
	step: PipelineStepName,
	onProblem: (error: unknown) => void,
): Promise<LogWriter> {
	const batch = new LogBatch(await logLength(deps.database, pipelineId));
	let writing: Promise<void> = Promise.resolve();
	let failed: unknown = null;
	let timer: NodeJS.Timeout | null = null;
	const flush = (isEnd: boolean): void => {
		if (timer) clearTimeout(timer);
		timer = null;
		writing = writing.then(async () => {
			for (let taken = batch.take(isEnd); taken && failed === null; taken = batch.take(isEnd)) {
				await appendLog(deps.database, pipelineId, step, taken.text);
			}
		});
		writing = writing.catch((error) => {
			failed = error;
			onProblem(error);
		});
	};
	const write = (text: string): void => {
		const isDue = batch.add(text);
		if (isDue) flush(false);
		else timer ??= setTimeout(flush, batchMs, false);
	};
	return {
		write,
		say: (sentence) => write(`${sentence}\n`),
		async close() {
			flush(true);
			await writing;
			if (failed !== null) throw failed;
		},
	};
}
