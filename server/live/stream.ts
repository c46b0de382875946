import superjson from "superjson";
import type { Log } from "@/adapters/log/log";
import { messageOf } from "@/domain/errors";
import type { Hub, Notice } from "@/server/live/hub";

export interface LiveChange {
	/** What a page gives back as Last-Event-ID. */
	readonly id: number;
	readonly data: unknown;
}

export interface LiveSource {
	isConcerned(...notice: Parameters<Notice>): boolean;
	/** Everything new since the last call; none when nothing is. */
	read(): Promise<readonly LiveChange[]>;
}

const keepAliveMs = 15_000;
/** Notices come in bursts; one look answers them all. */
const gatherMs = 100;
/** In-flight numbers change without a notice. */
const lookMs = 1_000;

/** Server-sent events from one source until the reader goes away. A failed look is tried again at the next one. */
export function liveStream(hub: Hub, source: LiveSource, signal: AbortSignal, log: Log, write = event): Response {
	const encoder = new TextEncoder();
	let close = (): void => {};
	const body = new ReadableStream<Uint8Array>({
		start(controller) {
			let isReading = false;
			let isAsked = false;
			let gathering: NodeJS.Timeout | null = null;
			const send = (text: string) => controller.enqueue(encoder.encode(text));
			const look = async (): Promise<void> => {
				gathering = null;
				if (isReading) {
					isAsked = true;
					return;
				}
				isReading = true;
				try {
					for (const change of await source.read()) send(write(change));
				} catch (error) {
					if (!signal.aborted) log.warn({ error: messageOf(error) }, "a live page could not be read");
				} finally {
					isReading = false;
				}
				if (isAsked) {
					isAsked = false;
					soon();
				}
			};
			const soon = (): void => {
				gathering ??= setTimeout(() => void look(), gatherMs);
			};
			const unfollow = hub.follow((...notice) => {
				if (notice[1] === null || source.isConcerned(...notice)) soon();
			});
			const timers = [setInterval(() => void look(), lookMs), setInterval(() => send(": here\n\n"), keepAliveMs)];
			close = () => {
				unfollow();
				for (const timer of timers) clearInterval(timer);
				if (gathering) clearTimeout(gathering);
				close = () => {};
			};
			signal.addEventListener("abort", () => {
				close();
				try {
					controller.close();
				} catch {
					// The reader closed it first.
				}
			});
			send("retry: 1000\n\n");
			void look();
		},
		cancel() {
			close();
		},
	});
	return new Response(body, {
		headers: { "content-type": "text/event-stream", "cache-control": "no-store, no-transform", "x-accel-buffering": "no" },
	});
}

function event({ id, data }: LiveChange): string {
	return `id: ${id}\nevent: change\ndata: ${superjson.stringify(data)}\n\n`;
}

/** A source that sends the whole view whenever it differs from what was sent last. */
export function wholeView(
	isConcerned: LiveSource["isConcerned"],
	read: () => Promise<{ id: number; data: unknown }>,
): LiveSource {
	let last = "";
	return {
		isConcerned,
		async read() {
			const change = await read();
			const text = superjson.stringify(change.data);
			if (text === last) return [];
			last = text;
			return [change];
		},
	};
}
