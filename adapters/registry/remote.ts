import { readFileSync } from "node:fs";
import { type IncomingMessage, request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { text } from "node:stream/consumers";
import { allowedAddresses, lookUpHost, networksOf } from "@/adapters/git/public-network";
import { AppError, messageOf } from "@/domain/errors";
import type { MirrorSettings } from "./mirror-settings";

/** Where an image is asked for: `host` or `host:port` of the API. */
export interface RemoteRepository {
	readonly registry: string;
	readonly repository: string;
}

const mostRedirects = 5;

/**
 * A registry elsewhere, read with no account. Each address that it or its answers name is looked up once, must be
 * public or allowed by an operator, and is what the connection then goes to.
 */
export class RemoteRegistry {
	#token: string | null = null;

	constructor(
		private readonly source: RemoteRepository,
		private readonly settings: MirrorSettings,
		private readonly signal: AbortSignal,
	) {}

	/** Throws `not-found` when there is none or it is not for everybody, `unavailable` when there is no answer. */
	async open(path: string, accept: string): Promise<IncomingMessage> {
		const { registry, repository } = this.source;
		const scheme = this.settings.plain.includes(registry) ? "http" : "https";
		const url = new URL(`${scheme}://${registry}/v2/${repository}/${path}`);
		let answer = await this.#get(url, accept);
		if (answer.statusCode === 401 && this.#token === null) {
			answer.resume();
			this.#token = await this.#askForToken(answer.headers["www-authenticate"] ?? "");
			answer = await this.#get(url, accept);
		}
		if (answer.statusCode === 200) return answer;
		answer.resume();
		const name = `${registry}/${repository}`;
		if ([401, 403, 404].includes(answer.statusCode ?? 0))
			throw new AppError("not-found", `${name} is not at ${registry}, or not for everybody to read: check its name and tag.`);
		throw new AppError("unavailable", `${registry} answered ${answer.statusCode} when asked for ${name}: try again later.`);
	}

	/** The anonymous token that most registries ask for. */
	async #askForToken(challenge: string): Promise<string | null> {
		const field = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1];
		const realm = /^bearer /i.test(challenge) ? field("realm") : undefined;
		if (realm === undefined || !URL.canParse(realm)) return null;
		const url = new URL(realm);
		url.searchParams.set("scope", `repository:${this.source.repository}:pull`);
		const service = field("service");
		if (service !== undefined) url.searchParams.set("service", service);
		const answer = await this.#get(url, "application/json");
		const body = await text(answer);
		if (answer.statusCode !== 200) return null;
		try {
			const { token, access_token: other } = JSON.parse(body) as { token?: string; access_token?: string };
			return token ?? other ?? null;
		} catch {
			return null;
		}
	}

	/** Blobs are often elsewhere: the token is for the registry only. */
	async #get(first: URL, accept: string): Promise<IncomingMessage> {
		let url = first;
		for (let hop = 0; hop <= mostRedirects; hop += 1) {
			const isOwn = url.host === first.host && url.protocol === first.protocol;
			const headers = { accept, ...(isOwn && this.#token ? { authorization: `Bearer ${this.#token}` } : {}) };
			const answer = await this.#ask(url, headers);
			const { location } = answer.headers;
			if (![301, 302, 303, 307, 308].includes(answer.statusCode ?? 0) || !location) return answer;
			answer.resume();
			url = new URL(location, url);
		}
		throw new AppError("unavailable", `${first.host} sends from one address to the next: more than ${mostRedirects} times.`);
	}

	async #ask(url: URL, headers: Record<string, string>): Promise<IncomingMessage> {
		const { settings, signal } = this;
		const isPlain = url.protocol === "http:" && settings.plain.includes(url.host);
		if (url.protocol !== "https:" && !isPlain)
			throw new AppError(
				"invalid",
				`${url.host} speaks ${url.protocol.slice(0, -1)}, not https: an operator can allow that in images.json.`,
			);
		const host = url.hostname.replace(/^\[|\]$/g, "");
		const asker = { who: "the copy of an image", file: "images.json" };
		const [address = ""] = await allowedAddresses(host, networksOf(settings.networks), lookUpHost, asker);
		const ca = settings.caFile === null ? {} : { ca: readFileSync(settings.caFile) };
		const pinned = {
			headers,
			signal,
			timeout: 30_000,
			lookup: pinnedTo(address),
		};
		return new Promise((resolve, reject) => {
			const asked = isPlain ? plainRequest(url, pinned) : tlsRequest(url, { ...pinned, ...ca });
			const fail = (why: string) =>
				reject(
					new AppError(
						"unavailable",
						`${url.host} cannot be reached (${why}): \`sluice image push\` takes an image that this machine has.`,
					),
				);
			asked.on("response", resolve).on("error", (error) => fail(messageOf(error)));
			asked.on("timeout", () => asked.destroy(new Error("no answer within 30 s")));
			asked.end();
		});
	}
}

/** Connects where the check looked, whatever the name says by then. */
function pinnedTo(address: string): LookupFunction {
	const family = isIP(address);
	return (_, { all }, done) => (all ? done(null, [{ address, family }]) : done(null, address, family));
}
