import { rename, writeFile } from "node:fs/promises";
import type Docker from "dockerode";
import type { Log } from "@/adapters/log/log";
import { AppError, messageOf } from "@/domain/errors";
import type { LogBatch } from "@/domain/relay/protocol";
import { readDurable } from "../durable";
import type { RelayClient } from "../relay/client";
import type { LogPosition } from "./counter";
import { Follower, type LoggedContainer } from "./follower";

/** Lines that come together go together. */
const gatherMs = 200;
const slowestRetryMs = 10_000;
const mostBytes = 512 * 1024;
/** Of one container, so that a loud one does not keep the others waiting. */
const mostBytesOfOne = 128 * 1024;
/** Whom the relay refuses rests so long; the others go on. */
const refusedRestMs = 10_000;
/** A container that has stopped is not kept for its log alone. */
const endWithinMs = 10_000;

export interface LogShipperOptions {
	readonly engine: Docker;
	readonly relay: Pick<RelayClient, "ask">;
	/** Where the positions are kept: container -> how far its log was taken. */
	readonly file: string;
	readonly log: Log;
}

/**
 * Tells the relay what the containers of this host write, each line once and in order. The position of a container moves
 * only when the relay has its lines on disk; sent again after a kill they have the same numbers, and the relay knows
 * them. While it is away nothing more is read than fits in memory: Docker keeps the rest, 30 MB a container.
 */
export class LogShipper {
	readonly #followers = new Map<string, Follower>();
	readonly #positions: Map<string, LogPosition>;
	readonly #resting = new Map<string, number>();
	readonly #enders = new Set<() => void>();
	#timer: NodeJS.Timeout | null = null;
	#isSending = false;
	#failures = 0;
	#isStopped = false;

	constructor(private readonly options: LogShipperOptions) {
		this.#positions = new Map(Object.entries(readPositions(options)));
	}

	/** All instances' containers that the engine has now. */
	see(containers: readonly LoggedContainer[]): void {
		const { engine, log } = this.options;
		for (const container of containers) {
			const known = this.#followers.get(container.containerId);
			if (known) known.see(container);
			else {
				const position = this.#positions.get(container.containerId) ?? null;
				const deps = { engine, log, onChange: () => this.#changed() };
				this.#followers.set(container.containerId, new Follower(container, position, deps));
			}
		}
		const there = new Set(containers.map(({ containerId }) => containerId));
		for (const [id, follower] of this.#followers) if (!there.has(id)) follower.end();
		for (const id of this.#positions.keys()) if (!this.#followers.has(id)) this.#positions.delete(id);
		this.#forget(there);
	}

	/** Of a container that has stopped: resolves when its whole log is taken, or after 10 s without that. */
	async finish(containerId: string): Promise<void> {
		const follower = this.#followers.get(containerId);
		if (!follower || this.#isStopped) return;
		follower.end();
		this.#changed();
		const isDone = await new Promise<boolean>((resolve) => {
			const check = (): void => {
				// Refused, it will not be taken in time either.
				if (!follower.isDone && !this.#resting.has(containerId)) return;
				clearTimeout(deadline);
				this.#enders.delete(check);
				resolve(follower.isDone);
			};
			const deadline = setTimeout(() => {
				this.#enders.delete(check);
				resolve(false);
			}, endWithinMs);
			this.#enders.add(check);
			check();
		});
		if (!isDone) follower.giveUp("it could not be sent before its container was removed");
	}

	stop(): void {
		this.#isStopped = true;
		if (this.#timer) clearTimeout(this.#timer);
		for (const follower of this.#followers.values()) follower.stop();
	}

	#changed(): void {
		for (const check of [...this.#enders]) check();
		// Somebody waits for the last lines.
		if (this.#failures === 0) this.#schedule(this.#enders.size > 0 ? 0 : gatherMs);
	}

	#schedule(delayMs: number): void {
		if (this.#isStopped || this.#isSending) return;
		if (this.#timer && delayMs > 0) return;
		if (this.#timer) clearTimeout(this.#timer);
		this.#timer = setTimeout(() => void this.#beat(), delayMs);
	}

	async #beat(): Promise<void> {
		this.#timer = null;
		this.#isSending = true;
		try {
			while (!this.#isStopped && (await this.#sendOne())) this.#failures = 0;
			this.#failures = 0;
		} catch (error) {
			if (this.#failures === 0) this.options.log.warn({ error: messageOf(error) }, "logs are not taken; trying again");
			this.#failures += 1;
			for (const follower of this.#followers.values()) follower.suspend();
		} finally {
			this.#isSending = false;
		}
		const isWaiting = [...this.#followers.values()].some((follower) => !follower.isIdle);
		if (this.#failures > 0) this.#schedule(Math.min(slowestRetryMs, 500 * 2 ** Math.min(this.#failures, 5)));
		else if (isWaiting) this.#schedule(this.#resting.size > 0 ? 1_000 : gatherMs);
	}

	/** One batch of what waits; false = nothing does. Throws when the relay cannot take it. */
	async #sendOne(): Promise<boolean> {
		const batch = this.#gather();
		if (batch.length === 0) return false;
		try {
			await this.#send(batch);
		} catch (error) {
			const isRefused = error instanceof AppError && (error.code === "forbidden" || error.code === "invalid");
			if (!isRefused) throw error;
			if (batch.length > 1) for (const part of batch) await this.#sendAlone(part);
			else for (const part of batch) this.#rest(part, error);
		}
		return true;
	}

	async #sendAlone(part: Part): Promise<void> {
		try {
			await this.#send([part]);
		} catch (error) {
			if (!(error instanceof AppError) || error.code === "unavailable") throw error;
			this.#rest(part, error);
		}
	}

	#rest({ follower }: Part, error: AppError): void {
		const { log } = this.options;
		log.warn({ instance: follower.instance, error: error.message }, "an instance's log is refused; trying again");
		this.#resting.set(follower.containerId, Date.now() + refusedRestMs);
		for (const check of [...this.#enders]) check();
	}

	#gather(): Part[] {
		const parts: Part[] = [];
		let bytes = 0;
		for (const [id, follower] of this.#followers) {
			if (follower.isIdle || (this.#resting.get(id) ?? 0) > Date.now()) continue;
			this.#resting.delete(id);
			const lines = follower.waiting(Math.min(mostBytesOfOne, mostBytes - bytes));
			bytes += lines.reduce((sum, line) => sum + line.text.length + 64, 0);
			parts.push({ follower, lines });
			if (bytes >= mostBytes) break;
		}
		// Who was served last comes first next time.
		for (const { follower } of parts) {
			this.#followers.delete(follower.containerId);
			this.#followers.set(follower.containerId, follower);
		}
		return parts;
	}

	async #send(parts: readonly Part[]): Promise<void> {
		const logs = parts.map(({ follower, lines }) => ({
			instance: follower.instance,
			container: follower.containerId.slice(0, 12),
			lines,
		}));
		const body: LogBatch = { logs };
		await this.options.relay.ask({ method: "POST", path: "/v1/logs", body });
		for (const { follower, lines } of parts) {
			follower.take(lines.length);
			if (follower.taken) this.#positions.set(follower.containerId, follower.taken);
		}
		await this.#keep();
		for (const check of [...this.#enders]) check();
	}

	/** Whole or not at all, but not flushed: what a power cut takes is sent again, and the relay knows it. */
	async #keep(): Promise<void> {
		const { file, log } = this.options;
		try {
			await writeFile(`${file}.new`, JSON.stringify(Object.fromEntries(this.#positions)));
			await rename(`${file}.new`, file);
		} catch (error) {
			log.warn({ error: messageOf(error) }, "how far logs were sent cannot be kept");
		}
	}

	#forget(there: ReadonlySet<string>): void {
		for (const [id, follower] of this.#followers) {
			const isRefused = this.#resting.has(id);
			if (there.has(id) || !(follower.isDone || isRefused)) continue;
			follower.stop();
			this.#followers.delete(id);
			this.#resting.delete(id);
			this.#positions.delete(id);
		}
	}
}

interface Part {
	readonly follower: Follower;
	readonly lines: ReturnType<Follower["waiting"]>;
}

function readPositions({ file, log }: LogShipperOptions): Record<string, LogPosition> {
	try {
		return readDurable<Record<string, LogPosition>>(file) ?? {};
	} catch (error) {
		// Torn by a power cut: all is read and sent again, and the relay leaves out what it has.
		log.warn({ error: messageOf(error) }, "how far logs were sent is not known");
		return {};
	}
}
