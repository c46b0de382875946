import { expect, test } from "vitest";
import { parseWebhookAddress } from "@/domain/webhook/address";
import { receivedIn, remoteIdIn, whyIgnored } from "@/domain/webhook/inbound";

const zeros = "0".repeat(40);

test("a push to the default branch is taken over; anything else says why not", () => {
	const push = { ref: "refs/heads/main", after: "c1", pusher: { email: "Mei@Example.test" } };
	const headers = new Headers({ "x-github-event": "push", "x-github-delivery": "d1" });
	const received = receivedIn("github", headers, push);
	expect(received).toEqual({ event: "push", branch: "main", commit: "c1", email: "mei@example.test" });
	expect([whyIgnored("github", received, "main"), remoteIdIn("github", headers)]).toEqual([null, "d1"]);
	const why = (change: object, event = "push") =>
		whyIgnored("github", receivedIn("github", new Headers({ "x-github-event": event }), { ...push, ...change }), "main");
	expect(why({}, "ping")).toBe('"ping" is no push: nothing is fetched.');
	expect(why({ ref: "refs/heads/other" })).toContain("only main is taken over");
	expect(why({ ref: "refs/tags/v1" })).toContain("to no branch");
	expect(why({ after: zeros })).toContain("was removed there");
});

test("each sender has its own names; what is not understood breaks nothing", () => {
	const gitlab = new Headers({ "x-gitlab-event": "Push Hook", "x-gitlab-event-uuid": "u1", "idempotency-key": "k1" });
	const received = receivedIn("gitlab", gitlab, { ref: "refs/heads/main", user_email: "a@b.c" });
	expect([remoteIdIn("gitlab", gitlab), received.email, whyIgnored("gitlab", received, "main")]).toEqual(["k1", "a@b.c", null]);
	expect(remoteIdIn("gitea", new Headers({ "x-forgejo-delivery": "f1" }))).toBe("f1");
	for (const body of [null, 7, "x", [], { ref: 3, pusher: [] }]) {
		expect(receivedIn("standard", new Headers(), body)).toEqual({ event: "message", branch: null, commit: null, email: null });
	}
	expect(whyIgnored("standard", receivedIn("standard", new Headers(), null), "main")).toBeNull();
	expect(remoteIdIn("github", new Headers())).toBeNull();
});

test("an address is http or https, and what is refused is not repeated", () => {
	expect(parseWebhookAddress("https://chat.example.test/in?key=x")).toMatchObject({ host: "chat.example.test", port: 443 });
	expect(parseWebhookAddress("http://[::1]:8080/")).toMatchObject({ host: "::1", port: 8080 });
	for (const address of ["ftp://x/", "file:///etc", "https://u:secret@x/", "https://x/#secret", "x", "https://a b/"]) {
		const refusal = (() => {
			try {
				return parseWebhookAddress(address);
			} catch (error) {
				return String(error);
			}
		})();
		expect(refusal).toContain("Nothing can be sent to this address");
		expect(refusal).not.toContain("secret");
	}
});
