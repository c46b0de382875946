import { request as httpsRequest } from "node:https";
import { algorithm } from "@/adapters/ca/authority";
import { PemConverter, Pkcs10CertificateRequestGenerator } from "@/adapters/ca/x509";
import type { JoinAnswer } from "@/domain/relay/protocol";

export interface Reply {
	readonly status: number;
	readonly headers: Record<string, string | string[] | undefined>;
	readonly body: unknown;
}

/** A host's side of the relay, as small as it can be: a key, at times a certificate, and requests. */
export class TestHost {
	certificate: string | null = null;

	private constructor(
		readonly url: string,
		readonly ca: string,
		readonly keys: CryptoKeyPair,
		readonly key: string,
	) {}

	static async create(url: string, ca: string): Promise<TestHost> {
		const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
		const key = PemConverter.encode(await crypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY");
		return new TestHost(url, ca, keys, key);
	}

	async csr(name = "CN=anything"): Promise<string> {
		const request = await Pkcs10CertificateRequestGenerator.create({ name, keys: this.keys, signingAlgorithm: algorithm });
		return request.toString("pem");
	}

	async join(token: string, name: string, address = "10.9.0.2"): Promise<Reply> {
		const capacity = { memoryBytes: 8e9, cpus: 4 };
		const reply = await this.send("POST", "/v1/join", { token, csr: await this.csr(), name, address, capacity });
		if (reply.status === 200) this.certificate = (reply.body as JoinAnswer).certificate;
		return reply;
	}

	send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
		return new Promise((resolve, reject) => {
			const request = httpsRequest(this.url + path, { ...this.#tls(), method, headers, agent: false }, (response) => {
				const chunks: Buffer[] = [];
				response.on("data", (chunk: Buffer) => chunks.push(chunk));
				response.on("error", reject);
				response.on("end", () => {
					const text = Buffer.concat(chunks).toString();
					const isJson = response.headers["content-type"] === "application/json";
					resolve({ status: response.statusCode ?? 0, headers: response.headers, body: isJson ? JSON.parse(text) : text });
				});
			});
			request.on("error", reject);
			request.end(body === undefined ? undefined : JSON.stringify(body));
		});
	}

	/** Lines of the hint stream, until it ends. */
	async *hints(): AsyncGenerator<{ desiredRevision: number; traffic: string }> {
		const request = httpsRequest(`${this.url}/v1/hints`, { ...this.#tls(), agent: false });
		request.end();
		try {
			const response = await new Promise<import("node:http").IncomingMessage>((resolve, reject) => {
				request.once("response", resolve).once("error", reject);
			});
			let rest = "";
			for await (const chunk of response as AsyncIterable<Buffer>) {
				const lines = (rest + chunk.toString()).split("\n");
				rest = lines.pop() ?? "";
				for (const line of lines) yield JSON.parse(line);
			}
		} finally {
			request.destroy();
		}
	}

	#tls() {
		return { ca: this.ca, ...(this.certificate === null ? {} : { key: this.key, cert: this.certificate }) };
	}
}
