import type { Log } from "@/adapters/log/log";
import { messageOf } from "@/domain/errors";
import type { DesiredDocument } from "@/domain/host/model";
import type { Hint } from "@/domain/relay/protocol";
import { type Snapshot, trafficKey } from "@/domain/traffic/model";
import { readDurable, writeDurably } from "./durable";
import type { HostFiles } from "./files";
import type { RelayClient } from "./relay/client";

/** Also without a hint. */
const everyMs = 10_000;

export interface FetcherOptions {
	readonly files: HostFiles;
	readonly relay: RelayClient;
	readonly log: Log;
	readonly onDesired: (desired: DesiredDocument) => void;
	readonly onTraffic: (snapshot: Snapshot) => void;
}

/** Keeps the desired document and the snapshot on disk as new as the relay has them; on disk first, then obeyed. */
export class Fetcher {
	#desired: DesiredDocument | null;
	#traffic: Snapshot | null;
	#etag: string | null = null;
	#isFetching = false;
	#isAsked = false;
	#timer: NodeJS.Timeout | null = null;

	constructor(private readonly options: FetcherOptions) {
		this.#desired = readDurable(options.files.desired);
		this.#traffic = readDurable(options.files.traffic);
	}

	/** What the disk has, obeyed before anybody is asked. */
	start(): void {
		if (this.#desired) this.options.onDesired(this.#desired);
		if (this.#traffic) this.options.onTraffic(this.#traffic);
		this.#timer = setInterval(() => this.fetch(), everyMs);
	}

	hint({ desiredRevision, traffic }: Hint): void {
		if (desiredRevision !== this.#desired?.revision || `"${traffic}"` !== this.#etag) this.fetch();
	}

	fetch(): void {
		if (this.#isFetching) {
			this.#isAsked = true;
			return;
		}
		this.#isFetching = true;
		Promise.all([this.#fetchDesired(), this.#fetchTraffic()])
			.catch((error: unknown) => this.options.log.warn({ error: messageOf(error) }, "nothing can be fetched now; trying again"))
			.finally(() => {
				this.#isFetching = false;
				if (!this.#isAsked) return;
				this.#isAsked = false;
				this.fetch();
			});
	}

	async #fetchDesired(): Promise<void> {
		const answer = await this.options.relay.ask<DesiredDocument>({ method: "GET", path: "/v1/desired" });
		if (!answer) return;
		const known = this.#desired?.revision ?? -1;
		if (!isNewer(answer.body, this.#desired)) {
			if (answer.body.revision < known)
				this.options.log.warn({ known, offered: answer.body.revision }, "an older desired document is refused");
			return;
		}
		writeDurably(this.options.files.desired, JSON.stringify(answer.body), 0o600);
		this.#desired = answer.body;
		this.options.onDesired(answer.body);
	}

	async #fetchTraffic(): Promise<void> {
		const headers: Record<string, string> = this.#etag ? { "if-none-match": this.#etag } : {};
		const answer = await this.options.relay.ask<Snapshot>({ method: "GET", path: "/v1/traffic", headers });
		if (!answer) return;
		const snapshot = withoutOlder(answer.body, this.#traffic);
		writeDurably(this.options.files.traffic, JSON.stringify(snapshot));
		this.#traffic = snapshot;
		this.#etag = answer.etag;
		this.options.onTraffic(snapshot);
	}

	stop(): void {
		if (this.#timer) clearInterval(this.#timer);
	}
}

/** The fence: what Postgres numbered lower never replaces what it numbered higher. */
export function isNewer(offered: Pick<DesiredDocument, "revision">, known: Pick<DesiredDocument, "revision"> | null): boolean {
	return known === null || offered.revision > known.revision;
}

/** A service's older revision gives way to the newer one that we have. */
export function withoutOlder(offered: Snapshot, known: Snapshot | null): Snapshot {
	const mine = new Map(known?.services.map((traffic) => [trafficKey(traffic), traffic]));
	return {
		...offered,
		services: offered.services.map((traffic) => {
			const own = mine.get(trafficKey(traffic));
			return own && own.revision > traffic.revision ? own : traffic;
		}),
	};
}
