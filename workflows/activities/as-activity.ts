import { ApplicationFailure, Context } from "@temporalio/activity";
import { AppError } from "@/domain/errors";

/** What an activity's body gets: a sign that it should end, and a place for what the next attempt must know. */
export interface ActivityContext<D> {
	readonly signal: AbortSignal;
	/** As kept by the attempt that was cut off; undefined = first attempt, or nothing kept. */
	readonly kept: D | undefined;
	keep(details: D): void;
}

/** A killed worker is noticed after the heartbeat time-out (5 s, workflows/rollout.ts), so it beats well within. */
const heartbeatMs = 1_000;

/**
 * Runs the body with heartbeats, and turns an AppError into Temporal's failure: its code is the type, and codes that
 * a repetition cannot help are not retried. Everything else (Postgres away) is retried without end.
 */
export async function asActivity<D, T>(body: (context: ActivityContext<D>) => Promise<T>): Promise<T> {
	const context = Context.current();
	let details: D | undefined = context.info.heartbeatDetails as D | undefined;
	const beat = setInterval(() => context.heartbeat(details), heartbeatMs);
	try {
		return await body({
			signal: context.cancellationSignal,
			kept: details,
			keep: (next) => {
				details = next;
				context.heartbeat(details);
			},
		});
	} catch (error) {
		throw toFailure(error);
	} finally {
		clearInterval(beat);
	}
}

function toFailure(error: unknown): unknown {
	if (!(error instanceof AppError)) return error;
	return ApplicationFailure.create({
		message: error.message,
		type: error.code,
		nonRetryable: !error.isRetryable,
		details: [error.details],
		cause: error,
	});
}
