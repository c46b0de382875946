import { X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import https from "node:https";
import { text } from "node:stream/consumers";
import Docker from "dockerode";
import { createRequest } from "@/adapters/ca/request";
import { AppError, messageOf } from "@/domain/errors";
import type { HostConfig } from "@/domain/host/model";
import { isSlug } from "@/domain/names";
import { type JoinAnswer, type JoinRequest, parseJoinToken } from "@/domain/relay/protocol";
import { capacityOf } from "./docker/capacity";
import { writeDurably } from "./durable";
import { filesOf } from "./files";
import { refusal } from "./relay/client";
import { fetchPinnedAuthority } from "./relay/pin";

export interface JoinOptions {
	readonly directory: string;
	readonly relay: string;
	readonly name: string;
	readonly address: string;
	/** `unix:///path` */
	readonly docker: string;
	readonly tokenFile: string;
}

/** Makes this machine a host: key and request made here, certificate from the relay that the token names. Returns a sentence. */
export async function join(options: JoinOptions): Promise<string> {
	check(options);
	const files = filesOf(options.directory);
	if (hasJoined(files)) return `${options.name} has joined already; its certificate is valid.`;
	const written = readFileSync(options.tokenFile, "utf8");
	const token = parseJoinToken(written);
	if (!token)
		throw new AppError(
			"invalid",
			`${options.tokenFile} holds no join token: paste it whole, as \`sluice host token\` printed it.`,
		);
	const relay = new URL(options.relay);
	const dockerSocket = options.docker.slice("unix://".length);
	const capacity = await capacityOf(new Docker({ socketPath: dockerSocket })).catch((cause: unknown) => {
		throw new AppError(
			"unavailable",
			`The Docker Engine at ${options.docker} does not answer (${messageOf(cause)}): start it first.`,
			{ cause },
		);
	});
	const ca = await fetchPinnedAuthority(relay, token.caSha256);
	const { key, csr } = await createRequest(options.name);
	const answer = await ask(relay, ca, { token: written.trim(), csr, name: options.name, address: options.address, capacity });
	const host: HostConfig = {
		installation: answer.installation,
		name: answer.host,
		address: options.address,
		roles: answer.roles,
		relay: relay.origin,
		dockerSocket,
		gatewayPort: answer.gatewayPort,
		forwarderPort: answer.forwarderPort,
	};
	mkdirSync(options.directory, { recursive: true, mode: 0o700 });
	writeDurably(files.ca, answer.ca);
	writeDurably(files.identity, `${answer.certificate.trimEnd()}\n${key}`, 0o600);
	// Last: a folder with a host.json is a host that has joined.
	writeDurably(files.host, `${JSON.stringify(host, null, "\t")}\n`);
	return `${answer.host} has joined as ${answer.roles.join(" and ")}.`;
}

function check({ name, address, docker, relay }: JoinOptions): void {
	if (!isSlug(name)) throw new AppError("invalid", `"${name}" cannot be a host's name: small letters, digits and hyphens.`);
	if (/^(127\.|0\.|::1?$|localhost$)/.test(address)) {
		throw new AppError(
			"invalid",
			`${address} is not reachable from other hosts: give this machine's own address with --address.`,
		);
	}
	if (!docker.startsWith("unix:///")) throw new AppError("invalid", `--docker is a unix socket: unix:///path, not ${docker}.`);
	if (!relay.startsWith("https://")) throw new AppError("invalid", `--relay is https://address:port, not ${relay}.`);
}

function hasJoined(files: ReturnType<typeof filesOf>): boolean {
	if (![files.host, files.identity, files.ca].every((file) => existsSync(file))) return false;
	return new X509Certificate(readFileSync(files.identity)).validToDate > new Date();
}

async function ask(relay: URL, ca: string, body: JoinRequest): Promise<JoinAnswer> {
	const answer = await new Promise<{ status: number; content: string }>((resolve, reject) => {
		const request = https.request(
			new URL("/v1/join", relay),
			{ method: "POST", ca, agent: false, timeout: 30_000, headers: { "content-type": "application/json" } },
			(response) => text(response).then((content) => resolve({ status: response.statusCode ?? 0, content }), reject),
		);
		request.on("timeout", () => request.destroy(new Error("no answer within 30 s")));
		request.on("error", (cause) =>
			reject(new AppError("unavailable", `The relay at ${relay.origin} cannot be reached: ${messageOf(cause)}.`, { cause })),
		);
		request.end(JSON.stringify(body));
	});
	if (answer.status !== 200) throw refusal(answer.status, answer.content, "/v1/join");
	return JSON.parse(answer.content) as JoinAnswer;
}
