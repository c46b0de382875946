import { request } from "node:http";
import { text } from "node:stream/consumers";
import { until } from "../wait";
import type { Drain } from "./spec";

const probeTimeoutMs = 2000;

/**
 * SIGTERM ends an Envoy with all its connections. This lets it first ask its clients to go, and waits until no
 * connection is left, the deadline is over or `isGone`. With a peer on the same sockets it stops listening before that:
 * new clients meet the peer. Without one it listens to the end: the pause in which nobody does is only its restart.
 * Never throws: what does not answer is over.
 */
export async function drained(drain: Drain, isGone: () => boolean): Promise<void> {
	try {
		await ask("POST", drain.socket, drain.hasPeer ? "/drain_listeners?graceful" : "/drain_listeners?graceful&skip_exit");
		await until(
			"Envoy is quiet",
			drain.deadlineMs,
			async () => isGone() || isQuiet(drain, await ask("GET", drain.socket, stats)),
		);
	} catch {
		// Past the deadline what is left is cut, as it would have been at once.
	}
}

const stats = "/stats?filter=downstream_cx_active|total_listeners_active|listener_stopped";

/** `text` is Envoy's `name: value`, one a line; its admin counts as a listener, too, and each worker counts again. */
export function isQuiet({ hasPeer }: Pick<Drain, "hasPeer">, text: string): boolean {
	const values = new Map(
		text.split("\n").flatMap((line): [string, number][] => {
			const split = line.lastIndexOf(": ");
			return split < 0 ? [] : [[line.slice(0, split), Number(line.slice(split + 2))]];
		}),
	);
	const stopped = values.get("listener_manager.listener_stopped") ?? 0;
	if (hasPeer && stopped < (values.get("listener_manager.total_listeners_active") ?? 0)) return false;
	const isOpen = ([name, value]: [string, number]) => /^listener\.(?!admin\.).*\.downstream_cx_active$/.test(name) && value > 0;
	return ![...values].some(isOpen);
}

function ask(method: "GET" | "POST", socketPath: string, path: string): Promise<string> {
	return new Promise((resolve, reject) => {
		const call = request({ socketPath, path, method, timeout: probeTimeoutMs }, (answer) => {
			if (answer.statusCode === 200) text(answer).then(resolve, reject);
			else reject(new Error(`status ${answer.statusCode}`));
		});
		call.on("timeout", () => call.destroy(new Error("no answer")));
		call.on("error", reject);
		call.end();
	});
}
