import type { Readable } from "node:stream";
import type Docker from "dockerode";
import type { Log } from "@/adapters/log/log";
import { messageOf } from "@/domain/errors";
import type { NumberedLine } from "@/domain/instance-log/model";
import type { InspectedContainer } from "../docker/containers";
import { statusOf } from "../docker/containers";
import { openLogStream } from "../docker/log-stream";
import { type CountedLine, LineCounter, type LogPosition } from "./counter";
import { FrameParser } from "./frames";

/** What one container may have waiting: then Docker keeps the rest. */
const fullBytes = 256 * 1024;
const againMs = 1_000;
/** A sentence about dropped lines waits so long for the next line. */
const settleMs = 1_000;

export type LoggedContainer = Pick<InspectedContainer, "containerId" | "instance" | "state" | "startedAt">;

export interface FollowerDeps {
	readonly engine: Docker;
	readonly log: Log;
	/** Lines wait to be sent, or the log was read to its end. */
	readonly onChange: () => void;
}

/**
 * Reads one container's log as far as there is room, and remembers how far it was taken. Every line until it is taken
 * stays with Docker too: what is lost here by a kill is read again.
 */
export class Follower {
	readonly #waiting: CountedLine[] = [];
	#waitingBytes = 0;
	#taken: LogPosition | null;
	#counter: LineCounter;
	#stream: Readable | null = null;
	#isOpening = false;
	/** Its start when the stream was opened: a later one is another run, with more to read. */
	#openedAt = -1;
	#timer: NodeJS.Timeout | null = null;
	#settling: NodeJS.Timeout | null = null;
	#isEnding = false;
	#isEnded = false;
	#isStopped = false;

	constructor(
		private container: LoggedContainer,
		position: LogPosition | null,
		private readonly deps: FollowerDeps,
	) {
		this.#taken = position;
		this.#counter = new LineCounter(position);
		this.#openSoon(0);
	}

	get containerId(): string {
		return this.container.containerId;
	}

	get instance(): string {
		return this.container.instance ?? "";
	}

	/** To be kept on disk. */
	get taken(): LogPosition | null {
		return this.#taken;
	}

	/** Read to the end of a container that is gone or about to go, and all of it taken. */
	get isDone(): boolean {
		return this.#isEnded && this.#waiting.length === 0;
	}

	get isIdle(): boolean {
		return this.#waiting.length === 0;
	}

	/** What a look at the engine found. */
	see(container: LoggedContainer): void {
		this.container = container;
		if (container.startedAt !== this.#openedAt && !this.#isReading && !this.#timer) this.#openSoon(0);
	}

	/** The container has stopped and will be removed, or is gone already: what is left of its log is read to the end. */
	end(): void {
		if (this.#isEnding) return;
		this.#isEnding = true;
		if (!this.#isReading) this.#openSoon(0);
	}

	/** The first lines that wait, at most so many bytes of them, but one at least. */
	waiting(mostBytes: number): NumberedLine[] {
		const lines: NumberedLine[] = [];
		let bytes = 0;
		for (const { line } of this.#waiting) {
			bytes += sizeOf(line);
			if (bytes > mostBytes && lines.length > 0) break;
			lines.push(line);
		}
		return lines;
	}

	/** The first so many lines are on the relay's disk. */
	take(count: number): void {
		const taken = this.#waiting.splice(0, count);
		for (const { line } of taken) this.#waitingBytes -= sizeOf(line);
		this.#taken = taken.at(-1)?.position ?? this.#taken;
		if (this.#waitingBytes > fullBytes / 2) return;
		if (this.#stream) this.#stream.resume();
		else if (this.#isSuspended) this.#openSoon(0);
	}

	#isSuspended = false;

	/** The relay is away: a stream that is full is not held open, as Docker would lose lines behind its back. */
	suspend(): void {
		if (!this.#stream || this.#waitingBytes < fullBytes) return;
		this.#isSuspended = true;
		this.#add(this.#counter.settle());
		this.#close();
	}

	/** Nothing more will come of it; what waits still can be sent. */
	giveUp(sentence: string): void {
		this.stop();
		this.#isEnded = true;
		const position = this.#counter.position;
		if (!position) return;
		const text = `[Sluice lost the end of this log: ${sentence}]`;
		this.#add([{ line: { time: position.newest, number: position.number + 1, stream: "note", text }, position }]);
	}

	stop(): void {
		this.#isStopped = true;
		if (this.#timer) clearTimeout(this.#timer);
		if (this.#settling) clearTimeout(this.#settling);
		this.#close();
	}

	get #isReading(): boolean {
		return this.#stream !== null || this.#isOpening;
	}

	#openSoon(delayMs: number): void {
		if (this.#isStopped || this.#isEnded) return;
		if (this.#timer) clearTimeout(this.#timer);
		this.#timer = setTimeout(() => {
			this.#timer = null;
			void this.#open();
		}, delayMs);
	}

	async #open(): Promise<void> {
		if (this.#isReading || this.#isStopped) return;
		this.#isOpening = true;
		this.#isSuspended = false;
		const isLast = this.#isEnding;
		const openedAt = this.container.startedAt;
		try {
			const position = this.#counter.position;
			const isRewound = position !== null && position.newest > position.since && (await this.#holds(position.since));
			this.#counter = new LineCounter(position, isRewound);
			const since = position?.since ?? null;
			const stream = await openLogStream(this.deps.engine, this.containerId, { since, follow: !isLast });
			if (this.#isStopped) {
				stream.destroy();
				return;
			}
			this.#openedAt = openedAt;
			this.#read(stream, isLast);
		} catch (error) {
			if (statusOf(error) === 404) this.#finish();
			else {
				this.deps.log.debug({ instance: this.instance, error: messageOf(error) }, "a log cannot be read now");
				this.#openSoon(againMs);
			}
		} finally {
			this.#isOpening = false;
		}
	}

	#read(stream: Readable, isLast: boolean): void {
		this.#stream = stream;
		const parser = new FrameParser();
		let isWhole = true;
		stream.on("data", (chunk: Buffer) => {
			try {
				for (const frame of parser.push(chunk)) this.#add(this.#counter.push(frame));
			} catch (error) {
				isWhole = false;
				this.deps.log.warn({ instance: this.instance, error: messageOf(error) }, "a log is read again from where it was taken");
				stream.destroy();
			}
			if (this.#waitingBytes >= fullBytes) stream.pause();
		});
		stream.once("error", () => {
			isWhole = false;
		});
		stream.once("close", () => {
			if (this.#stream !== stream) return;
			this.#stream = null;
			const hasStopped = isWhole && stream.readableEnded && (isLast || this.container.state !== "running");
			this.#add([...(hasStopped ? this.#counter.close() : []), ...this.#counter.settle()]);
			if (isLast && isWhole && stream.readableEnded) this.#finish();
			else if (this.#isEnding) this.#openSoon(isWhole ? 0 : againMs);
			// The engine went away, or the container stopped and nobody has said so yet.
			else if (this.container.state === "running" || !isWhole) this.#openSoon(againMs);
		});
	}

	/** Does Docker still have a line of this time? Only asked for after the host's clock was set back. */
	async #holds(time: string): Promise<boolean> {
		const stream = await openLogStream(this.deps.engine, this.containerId, { since: time, follow: false });
		const parser = new FrameParser();
		for await (const chunk of stream as AsyncIterable<Buffer>)
			if (parser.push(chunk).some(({ payload }) => payload.toString("latin1", 0, time.length) === time)) return true;
		return false;
	}

	#finish(): void {
		this.#isEnded = true;
		this.deps.onChange();
	}

	#add(lines: readonly CountedLine[]): void {
		if (this.#settling) clearTimeout(this.#settling);
		this.#settling = null;
		for (const one of lines) {
			this.#waiting.push(one);
			this.#waitingBytes += sizeOf(one.line);
		}
		if (this.#stream && !this.#isStopped) this.#settling = setTimeout(() => this.#add(this.#counter.settle()), settleMs);
		if (lines.length > 0) this.deps.onChange();
	}

	#close(): void {
		const stream = this.#stream;
		this.#stream = null;
		stream?.destroy();
	}
}

function sizeOf({ text }: NumberedLine): number {
	return text.length + 64;
}
