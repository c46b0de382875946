import type { Database } from "@/server/store/client";
import { snapshot, trafficTag } from "@/server/store/host";

export interface TrafficDocument {
	readonly tag: string;
	/** JSON of the Snapshot. */
	readonly text: string;
}

/**
 * The newest traffic as hosts get it. All hosts ask at the same moment, just after a publish: it is read from Postgres
 * and put into JSON once for all of them. Postgres is asked for the tag every time, so nothing old is ever handed out.
 */
export class TrafficSource {
	readonly #database: Database;
	readonly #installation: string;
	#newest: Promise<TrafficDocument> | null = null;

	constructor(database: Database, installation: string) {
		this.#database = database;
		this.#installation = installation;
	}

	tag(): Promise<string> {
		return trafficTag(this.#database);
	}

	/** At least as new as `tag`, which the caller just asked for. */
	async document(tag: string): Promise<TrafficDocument> {
		for (;;) {
			const held = this.#newest;
			const document = await held?.catch(() => null);
			if (document?.tag === tag) return document;
			// Whoever sees a difference first loads; the others find that promise in place of the one they waited for.
			if (this.#newest !== held) continue;
			this.#newest = this.#load();
			return this.#newest;
		}
	}

	async #load(): Promise<TrafficDocument> {
		const { tag, snapshot: body } = await snapshot(this.#database, this.#installation);
		return { tag, text: JSON.stringify(body) };
	}
}
