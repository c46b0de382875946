import { type Listener, listen } from "@/adapters/postgres/listen";
import { type Channel, channels } from "@/server/store/client";

/** Postgres notices, shared by everything that waits in one process, over one connection. */
export interface Notices {
	/** From now on remembers whether `payload` (null = any) was told on the channel (null = on none: only time passes). */
	follow(channel: Channel | null, payload: string | null): Follower;
	close(): Promise<void>;
}

export interface Follower {
	/** Resolves at the first notice since the last call (at once if there was one), after `timeoutMs`, or when `signal` aborts. */
	next(timeoutMs: number, signal?: AbortSignal): Promise<void>;
	close(): void;
}

interface Subscription {
	readonly channel: string | null;
	readonly payload: string | null;
	isTold: boolean;
	wake: () => void;
}

export async function openNotices(
	databaseUrl: string,
	names: readonly Channel[],
	onProblem: (error: unknown) => void,
): Promise<Notices> {
	const subscriptions = new Set<Subscription>();
	const onNotice = (channel: string, payload: string | null): void => {
		for (const one of subscriptions) {
			const isMeant = payload === null || one.payload === null || one.payload === payload;
			if (one.channel !== channel || !isMeant) continue;
			one.isTold = true;
			one.wake();
		}
	};
	const listener: Listener = await listen(
		databaseUrl,
		names.map((name) => channels[name]),
		onNotice,
		onProblem,
	);
	return {
		follow(channel, payload) {
			const subscription: Subscription = { channel: channel && channels[channel], payload, isTold: false, wake: () => {} };
			subscriptions.add(subscription);
			return {
				next: (timeoutMs, signal) => nextNotice(subscription, timeoutMs, signal),
				close: () => subscriptions.delete(subscription),
			};
		},
		close: () => listener.close(),
	};
}

async function nextNotice(subscription: Subscription, timeoutMs: number, signal: AbortSignal | undefined): Promise<void> {
	if (!subscription.isTold && !signal?.aborted) {
		await new Promise<void>((resolve) => {
			const timer = setTimeout(resolve, timeoutMs);
			subscription.wake = () => {
				clearTimeout(timer);
				signal?.removeEventListener("abort", subscription.wake);
				resolve();
			};
			signal?.addEventListener("abort", subscription.wake, { once: true });
		});
	}
	subscription.isTold = false;
	subscription.wake = () => {};
}
