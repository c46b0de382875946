import pg from "pg";

export interface Listener {
	close(): Promise<void>;
}

/**
 * Follows Postgres notifications on a connection of its own and calls `onNotice` for each. A lost connection is
 * made again with a back-off up to 5 s, and then `onNotice` is called with payload null for every channel:
 * notices may have been missed, look for yourself. Never throws after the first connection stands.
 */
export async function listen(
	databaseUrl: string,
	names: readonly string[],
	onNotice: (channel: string, payload: string | null) => void,
	onProblem: (error: unknown) => void = () => {},
): Promise<Listener> {
	let client: pg.Client | null = null;
	let isClosed = false;
	let retryTimer: NodeJS.Timeout | null = null;

	const connect = async (): Promise<void> => {
		const next = new pg.Client({ connectionString: databaseUrl, keepAlive: true });
		next.on("notification", (notice) => onNotice(notice.channel, notice.payload ?? null));
		next.on("error", (error) => {
			onProblem(error);
			retry(next, 100);
		});
		next.on("end", () => retry(next, 100));
		await next.connect();
		for (const name of names) await next.query(`listen ${pg.escapeIdentifier(name)}`);
		client = next;
	};

	const retry = (failed: pg.Client, delayMs: number): void => {
		if (isClosed || retryTimer || (client && client !== failed)) return;
		client = null;
		retryTimer = setTimeout(() => {
			retryTimer = null;
			connect().then(
				() => {
					for (const name of names) onNotice(name, null);
				},
				(error) => {
					onProblem(error);
					retry(failed, Math.min(delayMs * 2, 5_000));
				},
			);
		}, delayMs);
	};

	await connect();
	return {
		async close() {
			isClosed = true;
			if (retryTimer) clearTimeout(retryTimer);
			await client?.end();
		},
	};
}
