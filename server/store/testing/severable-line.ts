import { connect, createServer, type Socket } from "node:net";

export interface SeverableLine {
	/** The same database, through this line. */
	readonly url: string;
	/** Ends every connection and takes no new one, as a Postgres that was killed. */
	cut(): void;
	mend(): void;
	close(): Promise<void>;
}

/** A TCP line to a Postgres that a test can cut and mend. */
export async function severableLine(databaseUrl: string): Promise<SeverableLine> {
	const target = new URL(databaseUrl);
	const open = new Set<Socket>();
	let isCut = false;
	const server = createServer((near) => {
		if (isCut) return near.resetAndDestroy();
		const far = connect(Number(target.port), target.hostname);
		for (const [from, to] of [
			[near, far],
			[far, near],
		] as const) {
			open.add(from);
			from.pipe(to);
			from.on("error", () => to.destroy());
			from.on("close", () => {
				open.delete(from);
				to.destroy();
			});
		}
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	if (address === null || typeof address === "string") throw new Error("no port");
	const url = new URL(databaseUrl);
	url.hostname = "127.0.0.1";
	url.port = String(address.port);
	const cut = () => {
		isCut = true;
		for (const socket of open) socket.destroy();
	};
	return {
		url: url.href,
		cut,
		mend() {
			isCut = false;
		},
		close() {
			cut();
			return new Promise((resolve) => server.close(() => resolve()));
		},
	};
}
