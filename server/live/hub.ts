import type { Log } from "@/adapters/log/log";
import { type Listener, listen } from "@/adapters/postgres/listen";
import { messageOf } from "@/domain/errors";
import { type Channel, channels } from "@/server/store/client";

/** `payload` null = notices may have been missed. */
export type Notice = (channel: Channel, payload: string | null) => void;

export interface Hub {
	/** Returns how to stop following. */
	follow(notice: Notice): () => void;
	close(): Promise<void>;
}

const followed = [
	"rollout",
	"pipeline",
	"host",
	"observed",
	"scaffold",
	"freeze",
	"webhook",
] as const satisfies readonly Channel[];

/** One listening connection for all live pages of a portal, opened with the first follower and kept. */
export function createHub(databaseUrl: string, log: Log): Hub {
	const followers = new Set<Notice>();
	const names = new Map<string, Channel>(followed.map((channel) => [channels[channel], channel]));
	let opening: Promise<Listener> | null = null;

	const tell = (name: string, payload: string | null): void => {
		const channel = names.get(name);
		if (channel) for (const follower of followers) follower(channel, payload);
	};
	const open = (): void => {
		opening ??= listen(databaseUrl, [...names.keys()], tell, (error) =>
			log.warn({ error: messageOf(error) }, "notices are away"),
		);
		opening.catch((error: unknown) => {
			// The next follower tries again; pages also look by themselves.
			log.warn({ error: messageOf(error) }, "notices cannot be followed now");
			opening = null;
		});
	};

	return {
		follow(notice) {
			followers.add(notice);
			open();
			return () => followers.delete(notice);
		},
		async close() {
			await (await opening)?.close();
		},
	};
}
