import type { Hint } from "@/domain/relay/protocol";
import type { HostRequest } from "@/server/relay/context";
import type { Database } from "@/server/store/client";
import { hintsFor } from "@/server/store/host";

interface Stream {
	readonly host: string;
	readonly serial: string;
	readonly response: HostRequest["response"];
	/** Last line sent: the same one again is only worth sending as keep-alive. */
	line: string;
}

/**
 * Every open hint stream of this relay. `refresh` asks Postgres once for all of them, however many notices came
 * meanwhile. While Postgres is away the streams stay open and get their last line again; a host whose certificate is
 * no longer the present one is cut off.
 */
export class HintHub {
	readonly #streams = new Set<Stream>();
	readonly #database: Database;
	readonly #onProblem: (error: unknown) => void;
	#running: Promise<void> | null = null;
	#isStale = false;

	constructor(database: Database, onProblem: (error: unknown) => void) {
		this.#database = database;
		this.#onProblem = onProblem;
	}

	/** GET /v1/hints */
	async open({ host, serial, response }: HostRequest): Promise<void> {
		const stream: Stream = { host, serial, response, line: "" };
		response.writeHead(200, { "content-type": "application/x-ndjson", "cache-control": "no-store" });
		response.flushHeaders();
		response.on("close", () => this.#streams.delete(stream));
		this.#streams.add(stream);
		await this.refresh();
	}

	/** Something changed: tells each host whose hint is different now. Never throws. */
	refresh(isKeepAlive = false): Promise<void> {
		if (this.#running) {
			this.#isStale = true;
			return this.#running;
		}
		this.#running = this.#tell(isKeepAlive).finally(() => {
			this.#running = null;
		});
		return this.#running;
	}

	close(): void {
		for (const stream of this.#streams) stream.response.end();
	}

	async #tell(isKeepAlive: boolean): Promise<void> {
		do {
			this.#isStale = false;
			const streams = [...this.#streams];
			if (streams.length === 0) return;
			try {
				const hints = await hintsFor(this.#database, [...new Set(streams.map((stream) => stream.host))]);
				for (const stream of streams) tellOne(stream, hints, isKeepAlive);
			} catch (error) {
				this.#onProblem(error);
				for (const stream of streams) if (isKeepAlive && stream.line !== "") stream.response.write(stream.line);
			}
		} while (this.#isStale);
	}
}

function tellOne(stream: Stream, hints: Awaited<ReturnType<typeof hintsFor>>, isKeepAlive: boolean): void {
	const host = hints.hosts.get(stream.host);
	if (!host?.serials.includes(stream.serial)) {
		stream.response.end();
		return;
	}
	const hint: Hint = { desiredRevision: host.desiredRevision, traffic: hints.traffic };
	const line = `${JSON.stringify(hint)}\n`;
	if (line === stream.line && !isKeepAlive) return;
	stream.line = line;
	// A host that does not read is cut off instead of filling our memory; it comes back and gets the newest.
	if (stream.response.writableLength > maxUnsentBytes) stream.response.destroy();
	else stream.response.write(line);
}

const maxUnsentBytes = 64 * 1024;
