import { readEnv } from "@/server/env";
import { runWorker } from "@/workflows/run-worker";

/** The worker's process. SIGTERM and SIGINT end it after what is under way; what it does not finish, the next worker does. */
const stop = new AbortController();
for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => stop.abort());

try {
	await runWorker({ env: readEnv(), signal: stop.signal });
} catch (error) {
	if (!stop.signal.aborted) throw error;
}
