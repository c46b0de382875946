import { describe, expect, test } from "vitest";
import { parseGitRoute, tokenOf } from "./route";

const push = { repository: "quotes", service: "git-receive-pack" };

describe("only smart HTTP on a repository's name is served", () => {
	test("with and without .git", () => {
		expect(parseGitRoute("GET", "/quotes.git/info/refs?service=git-receive-pack")).toEqual({ ...push, kind: "advertise" });
		expect(parseGitRoute("POST", "/quotes/git-receive-pack")).toEqual({ ...push, kind: "exchange" });
	});

	test.each([
		["GET", "/quotes.git/info/refs"],
		["GET", "/quotes.git/HEAD"],
		["GET", "/quotes.git/objects/info/packs"],
		["GET", "/quotes.git/info/refs?service=git-upload-archive"],
		["GET", "/quotes.git/info/refs?service=git-upload-pack&x=1"],
		["GET", "/../etc/info/refs?service=git-upload-pack"],
		["GET", "/%2e%2e/quotes.git/info/refs?service=git-upload-pack"],
		["GET", "/a%2fb.git/info/refs?service=git-upload-pack"],
		["GET", "//quotes.git/info/refs?service=git-upload-pack"],
		["GET", "/quotes.git/../other.git/info/refs?service=git-upload-pack"],
		["GET", "/Quotes.git/info/refs?service=git-upload-pack"],
		["GET", "/-x.git/info/refs?service=git-upload-pack"],
		["POST", "/quotes.git/git-upload-pack?x"],
		["PUT", "/quotes.git/git-receive-pack"],
		["GET", "/quotes.git/git-receive-pack"],
	])("%s %s is refused", (method, target) => {
		expect(parseGitRoute(method, target)).toBeNull();
	});
});

test("the token is the Basic password, whatever the user name", () => {
	const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;
	expect(tokenOf(basic("anyone:sluice_abc:d"))).toBe("sluice_abc:d");
	expect(tokenOf(basic(":t"))).toBe("t");
	expect(tokenOf(basic("only-a-name"))).toBeNull();
	expect(tokenOf("Bearer t")).toBeNull();
	expect(tokenOf(undefined)).toBeNull();
});
