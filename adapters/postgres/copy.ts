import { once } from "node:events";
import { PassThrough } from "node:stream";
import type pg from "pg";

/** What of pg's connection COPY needs; its types leave the last three out. */
interface Connection extends Pick<pg.Connection, "query" | "stream"> {
	sendCopyFromChunk(chunk: Buffer): void;
	endCopyFrom(): void;
	sendCopyFail(message: string): void;
}

/** Rows of `copy ... to stdout`, as Postgres writes them. Reads no faster than they are taken. */
export function copyOut(client: pg.Client, sql: string): AsyncIterable<Buffer> {
	const rows = new PassThrough();
	let connection: Connection | null = null;
	rows.on("drain", () => connection?.stream.resume());
	client.query({
		submit(given: pg.Connection) {
			connection = given as unknown as Connection;
			connection.query(sql);
		},
		handleCopyData({ chunk }: { chunk: Buffer }) {
			if (!rows.write(chunk)) connection?.stream.pause();
		},
		handleCommandComplete: () => rows.end(),
		handleReadyForQuery: () => undefined,
		handleError: (error: Error) => rows.destroy(error),
	});
	return rows as AsyncIterable<Buffer>;
}

const enoughUnsent = 4 * 1024 * 1024;

/** `copy ... from stdin`. A source that throws ends the statement, and with it the transaction. */
export function copyIn(client: pg.Client, sql: string, rows: AsyncIterable<Buffer>): Promise<void> {
	return new Promise((resolve, reject) => {
		let failure: unknown = null;
		const send = async (connection: Connection): Promise<void> => {
			try {
				for await (const chunk of rows) {
					if (failure !== null) return;
					connection.sendCopyFromChunk(chunk);
					if (connection.stream.writableLength > enoughUnsent) await once(connection.stream, "drain");
				}
				connection.endCopyFrom();
			} catch (error) {
				failure ??= error;
				connection.sendCopyFail("the source failed");
			}
		};
		client.query({
			submit: (connection: pg.Connection) => connection.query(sql),
			handleCopyInResponse: (connection: Connection) => void send(connection),
			handleCommandComplete: () => undefined,
			handleReadyForQuery: () => (failure === null ? resolve() : reject(failure)),
			handleError: (error: Error) => {
				failure ??= error;
				reject(failure);
			},
		} as pg.Submittable);
	});
}
