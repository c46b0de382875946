import { connect, createServer, type Server } from "node:net";
import { AppError } from "@/domain/errors";

/**
 * Locks are abstract unix sockets: the kernel frees them when their owner ends, however it ends, and each network
 * namespace has its own set, which is what "one host a network namespace" needs. The owner says who it is.
 */
export async function takeLock(name: string, owner: string): Promise<Server | null> {
	const server = createServer((socket) => {
		socket.on("error", () => undefined);
		socket.end(owner);
	});
	server.unref();
	return new Promise((resolve, reject) => {
		server.once("error", (error: NodeJS.ErrnoException) => (error.code === "EADDRINUSE" ? resolve(null) : reject(error)));
		server.listen({ path: `\0${name}` }, () => resolve(server));
	});
}

/** Who holds a lock; null when it is free. */
export function lockOwner(name: string): Promise<string | null> {
	return new Promise((resolve) => {
		let text = "";
		const socket = connect({ path: `\0${name}`, timeout: 1000 });
		socket.setEncoding("utf8");
		socket.on("data", (chunk: string) => {
			text += chunk;
		});
		socket.once("end", () => resolve(text));
		socket.once("timeout", () => {
			socket.destroy();
			resolve("a process that does not answer");
		});
		socket.once("error", () => resolve(null));
	});
}

/** Runs `work` under a lock; throws `conflict` with `sentence` when someone else has it. */
export async function underLock<T>(name: string, owner: string, sentence: string, work: () => Promise<T>): Promise<T> {
	const lock = await takeLock(name, owner);
	if (lock === null) throw new AppError("conflict", sentence);
	try {
		return await work();
	} finally {
		lock.close();
	}
}
