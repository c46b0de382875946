import http from "node:http";
import WebSocket from "ws";
import type { LoadPlan, RequestRecord } from "./model";

type Outcome = Pick<RequestRecord, "status" | "closeCode" | "release" | "error">;

/** The four kinds of client. Each promise resolves with what the client saw; none rejects. */
export function createClients(plan: LoadPlan) {
	const pool = new http.Agent({ keepAlive: true, maxSockets: 512, scheduling: "fifo" });
	return {
		keepAlive: () => get(plan, "/", pool),
		newConnection: () => get(plan, "/", false),
		long: () => get(plan, `/slow?ms=${plan.longMs}`, pool),
		stream: (liveMs: number) => stream(plan, liveMs),
		close: () => pool.destroy(),
	};
}

function get(plan: LoadPlan, path: string, agent: http.Agent | false): Promise<Outcome> {
	return new Promise((resolve) => {
		let status: number | null = null;
		const end = (error: string | null, release: string | null = null) =>
			resolve({ status: error ? null : status, closeCode: null, release, error });
		const request = http.get(
			{
				host: plan.address,
				port: plan.port,
				path,
				agent,
				headers: { host: plan.host, ...(agent ? {} : { connection: "close" }) },
				signal: AbortSignal.timeout(plan.timeoutMs),
			},
			(response) => {
				status = response.statusCode ?? null;
				response.on("error", (error) => end(codeOf(error)));
				response.on("aborted", () => end("aborted"));
				response.resume().on("end", () => end(null, releaseOf(response.headers["x-release"])));
			},
		);
		request.on("error", (error) => end(codeOf(error)));
	});
}

function stream(plan: LoadPlan, liveMs: number): Promise<Outcome> {
	return new Promise((resolve) => {
		const outcome = {
			status: null as number | null,
			closeCode: null as number | null,
			release: null as string | null,
			error: null as string | null,
		};
		const socket = new WebSocket(`ws://${plan.address}:${plan.port}/stream?ms=${Math.round(liveMs)}`, {
			headers: { host: plan.host },
			handshakeTimeout: plan.timeoutMs,
		});
		const deadline = setTimeout(() => {
			outcome.error = "timeout";
			socket.terminate();
		}, liveMs + plan.timeoutMs);
		socket.on("upgrade", (response) => {
			outcome.status = 101;
			outcome.release = releaseOf(response.headers["x-release"]);
		});
		socket.on("unexpected-response", (_request, response) => {
			outcome.status = response.statusCode ?? null;
			response.resume();
			socket.terminate();
		});
		socket.on("error", (error) => {
			outcome.error ??= codeOf(error);
		});
		socket.on("close", (code) => {
			clearTimeout(deadline);
			// 1006 is what a client reports when no close frame came.
			outcome.closeCode = code === 1006 ? null : code;
			resolve(outcome);
		});
	});
}

function releaseOf(header: string | string[] | undefined): string | null {
	return typeof header === "string" ? header : null;
}

function codeOf(error: Error): string {
	if (error.name === "TimeoutError" || error.name === "AbortError") return "timeout";
	return (error as NodeJS.ErrnoException).code ?? error.message;
}
