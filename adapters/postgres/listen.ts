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
	let isClosed = false;
	let wake: (() => void) | null = null;
	let current = await connect();

	async function connect(): Promise<Connection> {
		const client = new pg.Client({ connectionString: databaseUrl, keepAlive: true });
		// Attached before connecting: an error without a listener would end the process.
		const lost = new Promise<void>((resolve) => {
			client.on("error", (error) => {
				onProblem(error);
				resolve();
			});
			client.on("end", () => resolve());
		});
		client.on("notification", (notice) => onNotice(notice.channel, notice.payload ?? null));
		try {
			await client.connect();
			for (const name of names) await client.query(`listen ${pg.escapeIdentifier(name)}`);
		} catch (error) {
			await client.end().catch(() => {});
			throw error;
		}
		return { client, lost };
	}

	async function follow(): Promise<void> {
		for (let delayMs = firstDelayMs; !isClosed; ) {
			await current.lost;
			if (isClosed) return;
			await new Promise<void>((resolve) => {
				const timer = setTimeout(resolve, delayMs);
				wake = () => {
					clearTimeout(timer);
					resolve();
				};
			});
			if (isClosed) return;
			try {
				current = await connect();
				delayMs = firstDelayMs;
				for (const name of names) onNotice(name, null);
			} catch (error) {
				onProblem(error);
				delayMs = Math.min(delayMs * 2, 5_000);
			}
		}
	}

	const following = follow();
	return {
		async close() {
			isClosed = true;
			wake?.();
			await current.client.end().catch(() => {});
			await following;
			await current.client.end().catch(() => {});
		},
	};
}

interface Connection {
	readonly client: pg.Client;
	readonly lost: Promise<void>;
}

const firstDelayMs = 100;
