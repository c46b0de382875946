import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { openKept, sealKept } from "@/adapters/secrets/kept-secret";
import { keyOf, type SecretKeys } from "@/adapters/secrets/key-file";
import { isFromSender } from "@/adapters/webhook/inbound";
import { send } from "@/adapters/webhook/send";
import { isSignedBy, newSecret, signature, signedHeaders } from "@/adapters/webhook/standard";

/** As Standard Webhooks publishes it, in the tests of its own libraries. */
const vector = {
	secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
	id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
	timestamp: 1_614_265_330,
	body: '{"test": 2432232314}',
	signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
};

test("a message is signed as in the published example, with and without the secret's prefix", () => {
	const { secret, id, timestamp, body } = vector;
	expect(signature(secret, id, timestamp, body)).toBe(vector.signature);
	expect(signature(secret.slice("whsec_".length), id, timestamp, body)).toBe(vector.signature);
	expect(signature(secret, id, timestamp + 1, body)).not.toBe(vector.signature);
	expect(Buffer.from(newSecret().slice("whsec_".length), "base64")).toHaveLength(32);
});

test("what is signed so is found right, changed or old it is not", () => {
	const [one, other] = [newSecret(), newSecret()];
	const now = vector.timestamp * 1_000;
	const headers = new Headers(signedHeaders([one, other], vector));
	const body = Buffer.from(vector.body);
	expect(isSignedBy([other], headers, body, now)).toBe(true);
	expect(isSignedBy([newSecret()], headers, body, now)).toBe(false);
	expect(isSignedBy([one], headers, Buffer.from(`${vector.body} `), now)).toBe(false);
	expect(isSignedBy([one], headers, body, now + 6 * 60_000)).toBe(false);
	const moved = new Headers(headers);
	moved.set("webhook-id", "msg_other");
	expect(isSignedBy([one], moved, body, now)).toBe(false);
	expect(isSignedBy([], headers, body, now)).toBe(false);
	expect(isSignedBy([one], new Headers(), body, now)).toBe(false);
});

test("GitHub, Gitea and GitLab prove themselves in their own ways, and in no other's", () => {
	const body = Buffer.from("{}");
	const hub = new Headers({ "x-hub-signature-256": `sha256=${createHmac("sha256", "s1").update(body).digest("hex")}` });
	const lab = new Headers({ "x-gitlab-token": "s1" });
	const is = (kind: Parameters<typeof isFromSender>[0], secret: string, headers: Headers, text = body) =>
		isFromSender(kind, [secret], headers, text, 0);
	expect([is("github", "s1", hub), is("gitea", "s1", hub), is("gitlab", "s1", lab)]).toEqual([true, true, true]);
	expect([is("github", "s2", hub), is("github", "s1", hub, Buffer.from("{} ")), is("gitlab", "s2", lab)]).toEqual([
		false,
		false,
		false,
	]);
	expect([
		is("github", "s1", lab),
		is("gitlab", "s1", hub),
		is("standard", "s1", hub),
		is("gitlab", "s1", new Headers()),
	]).toEqual([false, false, false, false]);
	// No secret is kept for it: nothing is right then, not even nothing.
	expect(isFromSender("gitlab", [], new Headers(), body, 0)).toBe(false);
});

test("a kept secret opens at its own place only", () => {
	const keys: SecretKeys = [keyOf(Buffer.alloc(32, 1))];
	const sealed = sealKept(keys, "webhook/1/sign", "whsec_x");
	expect(openKept(keys, "webhook/1/sign", sealed)).toBe("whsec_x");
	expect(() => openKept(keys, "webhook/2/sign", sealed)).toThrow("cannot be decrypted");
	expect(() => openKept([keyOf(Buffer.alloc(32, 2))], "webhook/1/sign", sealed)).toThrow("put it back from your backup");
});

const closing: (() => void)[] = [];
afterEach(() => {
	for (const close of closing.splice(0)) close();
});

async function receiver(listener: RequestListener): Promise<number> {
	const server = createServer(listener);
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	closing.push(() => {
		server.closeAllConnections();
		server.close();
	});
	return (server.address() as AddressInfo).port;
}

const here = { networks: ["127.0.0.0/8"], caFile: null };
const message = { headers: { "x-test": "1" }, body: "{}" };

test("the connection goes to the address that was checked, though the name would lead elsewhere now", async () => {
	const hosts: (string | undefined)[] = [];
	const port = await receiver((request, response) => {
		hosts.push(request.headers.host);
		response.writeHead(200).end("thanks");
	});
	const lookUp = async () => ["127.0.0.1"];
	const sent = await send(`http://receiver.invalid:${port}/`, message, here, { lookUp });
	expect(sent).toMatchObject({ status: 200, answer: "thanks", problem: null });
	expect(hosts).toEqual([`receiver.invalid:${port}`]);
	for (const address of ["10.0.0.1", "127.0.0.1", "169.254.169.254", "::1"]) {
		const refused = await send(
			`http://receiver.invalid:${port}/`,
			message,
			{ ...here, networks: [] },
			{ lookUp: async () => [address] },
		);
		expect(refused.problem).toContain("which a webhook must not reach");
	}
	// One private address among public ones is enough.
	const mixed = await send(
		`http://receiver.invalid:${port}/`,
		message,
		{ ...here, networks: [] },
		{ lookUp: async () => ["1.1.1.1", "10.0.0.1"] },
	);
	expect([mixed.problem?.includes("must not reach"), hosts.length]).toEqual([true, 1]);
});

test("who does not answer in time, breaks off or is not there is said; a long answer is cut, a redirect not followed", async () => {
	const slow = await receiver(() => {});
	expect(await send(`http://127.0.0.1:${slow}/`, message, here, { ms: 50 })).toMatchObject({
		status: null,
		problem: "No answer within 0.05 s.",
	});
	const broken = await receiver((request) => request.socket.destroy());
	expect((await send(`http://127.0.0.1:${broken}/`, message, here)).problem).toContain("broken off");
	expect((await send("http://127.0.0.1:1/", message, here)).problem).toContain("nothing listens there");
	let asked = 0;
	const endless = await receiver((_, response) => {
		asked += 1;
		response.writeHead(302, { location: `http://127.0.0.1:${endless}/other`, "retry-after": "7" });
		response.write(`\u0000${"x".repeat(100_000)}`);
	});
	const cut = await send(`http://127.0.0.1:${endless}/`, message, here);
	expect([cut.status, cut.answer, cut.retryAfterMs, asked]).toEqual([302, "x".repeat(1_023), 7_000, 1]);
});
