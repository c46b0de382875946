import { spawn } from "node:child_process";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { gitEnvironment } from "@/adapters/git/run";
import { pusherEmail } from "@/domain/pipeline/pusher";
import type { Actor } from "@/domain/roles";
import type { GitRoute } from "@/server/git/route";

export interface BackendAnswer {
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: Readable;
	/** When the program has ended: every ref it wrote is on disk. */
	readonly ended: Promise<void>;
}

export interface BackendOptions {
	readonly execPath: string;
	readonly repositories: string;
}

/** Runs git's own http-backend for one request (CGI). The request streams in, the answer streams out. */
export function runBackend(
	options: BackendOptions,
	request: IncomingMessage,
	route: GitRoute,
	actor: Actor,
): Promise<BackendAnswer> {
	const child = spawn(join(options.execPath, "git-http-backend"), [], {
		env: gitEnvironment(cgiVariables(options, request, route, actor)),
		stdio: ["pipe", "pipe", "ignore"],
	});
	child.stdin.on("error", () => {});
	request.pipe(child.stdin);
	// A client that goes away in the middle ends its git; one that has sent everything is served to the end.
	request.on("close", () => {
		if (!request.complete) child.kill("SIGTERM");
	});
	const ended = new Promise<void>((resolve) => {
		child.once("close", () => resolve());
		child.once("error", () => resolve());
	});
	return new Promise((resolve, reject) => {
		let head = Buffer.alloc(0);
		const onData = (chunk: Buffer): void => {
			head = Buffer.concat([head, chunk]);
			const end = head.indexOf("\r\n\r\n");
			if (end < 0) return;
			child.stdout.off("data", onData);
			child.stdout.pause();
			child.stdout.unshift(head.subarray(end + 4));
			resolve({ ...parseHead(head.subarray(0, end).toString("latin1")), body: child.stdout, ended });
		};
		child.stdout.on("data", onData);
		child.once("error", reject);
		child.stdout.once("end", () => reject(new Error("git-http-backend ended without an answer")));
	});
}

function cgiVariables(options: BackendOptions, request: IncomingMessage, route: GitRoute, actor: Actor): Record<string, string> {
	const isAdvertise = route.kind === "advertise";
	const variables: Record<string, string> = {
		GIT_PROJECT_ROOT: options.repositories,
		GIT_HTTP_EXPORT_ALL: "1",
		PATH_INFO: `/${route.repository}.git/${isAdvertise ? "info/refs" : route.service}`,
		QUERY_STRING: isAdvertise ? `service=${route.service}` : "",
		REQUEST_METHOD: isAdvertise ? "GET" : "POST",
		REMOTE_USER: actor.id,
		REMOTE_ADDR: request.socket.remoteAddress ?? "",
		GIT_COMMITTER_NAME: actor.name || actor.id,
		GIT_COMMITTER_EMAIL: pusherEmail(actor),
	};
	const copied = { CONTENT_TYPE: "content-type", CONTENT_LENGTH: "content-length", HTTP_CONTENT_ENCODING: "content-encoding" };
	for (const [variable, header] of Object.entries(copied)) {
		const value = request.headers[header];
		if (typeof value === "string") variables[variable] = value;
	}
	const protocol = request.headers["git-protocol"];
	if (typeof protocol === "string" && /^[a-z0-9=:]{1,100}$/.test(protocol)) variables.GIT_PROTOCOL = protocol;
	return variables;
}

function parseHead(text: string): { status: number; headers: Record<string, string> } {
	const headers: Record<string, string> = {};
	let status = 200;
	for (const line of text.split("\r\n")) {
		const at = line.indexOf(":");
		const name = line.slice(0, at).toLowerCase();
		const value = line.slice(at + 1).trim();
		if (name === "status") status = Number.parseInt(value, 10);
		else if (at > 0) headers[name] = value;
	}
	return { status, headers };
}
