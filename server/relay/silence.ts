import type { Log } from "@/adapters/log/log";
import { messageOf } from "@/domain/errors";
import { type Hearing, heardForMs, listenAgain } from "@/domain/host/hearing";
import { leaseMs } from "@/domain/rollout/observation";
import { tellHeardHosts, tellSilentHosts } from "@/server/services/host-silence";
import type { Database } from "@/server/store/client";

const everyMs = 5_000;
/** A host that could not reach a relay that was away has this long to come back before it is called silent. */
const patienceMs = leaseMs + 5_000;

/**
 * Looks who has fallen silent and who is heard again. It is the relay that looks, as only it knows that it listens: while
 * it, or the database, is away, silence says nothing about hosts.
 */
export class SilenceWatch {
	readonly #database: Database;
	#listening: Hearing | null = null;

	constructor(database: Database) {
		this.#database = database;
	}

	/** `nowMs` by a clock that only goes forward. */
	async look(nowMs: number): Promise<void> {
		try {
			await tellHeardHosts(this.#database);
			this.#listening = listenAgain(this.#listening, nowMs, true);
			if (heardForMs(this.#listening) >= patienceMs) await tellSilentHosts(this.#database);
		} catch (error) {
			this.#listening = null;
			throw error;
		}
	}
}

export function watchSilence(database: Database, log: Log): { close(): Promise<void> } {
	const watch = new SilenceWatch(database);
	let underWay: Promise<void> | null = null;
	const look = () => {
		underWay ??= watch
			.look(performance.now())
			.catch((error: unknown) => log.warn({ problem: messageOf(error) }, "who is silent cannot be told now"))
			.finally(() => {
				underWay = null;
			});
	};
	const timer = setInterval(look, everyMs);
	return {
		async close() {
			clearInterval(timer);
			await underWay;
		},
	};
}
