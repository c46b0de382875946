import type Docker from "dockerode";
import { labels } from "@/domain/names";

const againMs = 1_000;

/** Calls `onEvent` when a container of this installation changes; comes back by itself when the engine was away. */
export function followEvents(engine: Docker, installation: string, onEvent: () => void): () => void {
	let isStopped = false;
	let current: { destroy(): void } | null = null;
	const again = (): void => {
		current = null;
		if (!isStopped) setTimeout(follow, againMs).unref();
	};
	const follow = (): void => {
		const filters = {
			type: ["container"],
			label: [`${labels.installation}=${installation}`],
			event: ["start", "die", "destroy", "create"],
		};
		engine.getEvents({ filters: JSON.stringify(filters) }).then((stream) => {
			const events = stream as unknown as NodeJS.ReadableStream & { destroy(): void };
			if (isStopped) return events.destroy();
			current = events;
			onEvent();
			events.on("data", onEvent);
			events.on("close", again);
			// "close" follows, and with it the next try.
			events.on("error", () => {});
		}, again);
	};
	follow();
	return () => {
		isStopped = true;
		current?.destroy();
	};
}
