import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import type { Log } from "@/adapters/log/log";
import { messageOf } from "@/domain/errors";
import { whyNot } from "@/domain/policy/gate";
import type { Actor } from "@/domain/roles";
import { type BackendOptions, runBackend } from "@/server/git/backend";
import { type GitRoute, parseGitRoute, tokenOf } from "@/server/git/route";
import { withRemoteMessage } from "@/server/git/side-band";

export interface GitServerOptions extends BackendOptions {
	readonly log: Log;
	/** The actor behind an API token, or null. */
	readonly authenticate: (token: string) => Promise<Actor | null>;
	readonly hasRepository: (name: string) => Promise<boolean>;
	/** Records what was pushed and returns the sentences for the person who pushed. */
	readonly recordPushes: (repository: string) => Promise<readonly string[]>;
}

/** Programs at once; more wait for their client's retry. */
const maxPrograms = 32;
const slowPushMs = 60 * 60 * 1000;

/**
 * Smart HTTP for git: who is it, may they, does it exist, then git's own backend. The answer to a push is held back
 * until the push is recorded, so a push that was answered is never forgotten; one whose record fails (the database is
 * away) is in the repository, is answered with a sentence, and is found by the worker within 10 s.
 */
export function createGitServer(options: GitServerOptions): Server {
	let programs = 0;
	const server = createServer(async (request, response) => {
		try {
			const admitted = await admit(options, request);
			if ("status" in admitted) return refuse(response, admitted);
			if (programs >= maxPrograms)
				return refuse(response, { status: 503, text: "Too many pushes and fetches at once: try again." });
			programs += 1;
			try {
				await serve(options, request, response, admitted.route, admitted.actor);
			} finally {
				programs -= 1;
			}
		} catch (error) {
			options.log.error({ error: messageOf(error) }, "a git request failed");
			if (response.headersSent) response.destroy();
			else refuse(response, { status: 503, text: "The git server cannot do this now: `sluice status` says what is missing." });
		}
	});
	server.requestTimeout = slowPushMs;
	return server;
}

interface Refusal {
	readonly status: number;
	readonly text: string;
}

async function admit(options: GitServerOptions, request: IncomingMessage): Promise<Refusal | { route: GitRoute; actor: Actor }> {
	const route = parseGitRoute(request.method ?? "", request.url ?? "");
	if (!route) return { status: 404, text: "There is nothing here: the address of a repository is /<name>.git." };
	const token = tokenOf(request.headers.authorization);
	const actor = token ? await options.authenticate(token) : null;
	if (!actor) return { status: 401, text: "Give an API token as the password; the user name does not matter." };
	const refusal = whyNot(actor, route.service === "git-receive-pack" ? "git.push" : "git.fetch");
	if (refusal !== null) return { status: 403, text: refusal };
	if (!(await options.hasRepository(route.repository))) {
		const text = `There is no repository "${route.repository}": make it with \`sluice repository create ${route.repository}\` or in the portal.`;
		return { status: 404, text };
	}
	return { route, actor };
}

function refuse(response: ServerResponse, { status, text }: Refusal): void {
	const challenge = status === 401 ? { "www-authenticate": 'Basic realm="Sluice: an API token is the password"' } : {};
	response.writeHead(status, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-cache", ...challenge });
	response.end(`${text}\n`);
}

async function serve(
	options: GitServerOptions,
	request: IncomingMessage,
	response: ServerResponse,
	route: GitRoute,
	actor: Actor,
): Promise<void> {
	const answer = await runBackend(options, request, route, actor);
	if (route.service !== "git-receive-pack" || route.kind === "advertise") {
		response.writeHead(answer.status, answer.headers);
		return pipeline(answer.body, response);
	}
	const body = await buffer(answer.body);
	await answer.ended;
	const message = (await record(options, route.repository)).join("\n");
	const text = message === "" ? body : withRemoteMessage(body, message);
	response.writeHead(answer.status, answer.headers);
	response.end(text);
}

async function record(options: GitServerOptions, repository: string): Promise<readonly string[]> {
	try {
		return await options.recordPushes(repository);
	} catch (error) {
		options.log.error({ repository, error: messageOf(error) }, "a push could not be recorded; the worker will find it");
		return ["Sluice has the push but cannot record it now: the pipeline starts when the database answers again."];
	}
}
