import { expect, test } from "vitest";
import { parseImportAddress } from "@/domain/import/address";

test("an https address is taken as it is, with a name for the repository here", () => {
	expect(parseImportAddress("https://git.example.com/team/Order_Service.git")).toEqual({
		url: "https://git.example.com/team/Order_Service.git",
		host: "git.example.com",
		port: 443,
		suggestedName: "order-service",
	});
	expect(parseImportAddress("HTTPS://git.example.com:8443/a/b/")).toMatchObject({ port: 8443, suggestedName: "b" });
});

test("numbers in all their spellings are the address that they mean", () => {
	for (const host of ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "127.0.0.1"]) {
		expect(parseImportAddress(`https://${host}/a/b`).host).toBe("127.0.0.1");
	}
	expect(parseImportAddress("https://[::ffff:127.0.0.1]/a/b").host).toBe("::ffff:7f00:1");
});

test.each([
	["ext::sh -c id", "no spaces"],
	["ext::sh", "runs a program"],
	["file:///etc", "begin with https"],
	["/etc/passwd", "begin with https"],
	["../other.git", "begin with https"],
	["--upload-pack=touch /tmp/x", "no spaces"],
	["--upload-pack=id", "begins with https"],
	["-u", "begins with https"],
	["http://git.example.com/a", "plain http"],
	["git://git.example.com/a", "begin with https"],
	["ftp://git.example.com/a", "begin with https"],
	["ssh://git@git.example.com/a", "over SSH"],
	["git@git.example.com:a/b.git", "over SSH"],
	["https://user:secret@git.example.com/a", "in their own fields"],
	["https://token@git.example.com/a", "in their own fields"],
	["https://@git.example.com/a", "in their own fields"],
	["https://git.example.com/a?x=1", "no ? and no #"],
	["https://git.example.com/a#b", "no ? and no #"],
	["https://git.example.com/a;id", "names no repository"],
	["https://git.example.com/$(id)", "names no repository"],
	["https://git.example.com\\@127.0.0.1/a", "in their own fields"],
	["https://git.example.com", "names no repository"],
	["https://git.example.com/a\nb", "no spaces"],
	["https://gıt.example.com/a", "no spaces"],
	["https://", "no address"],
	["https:///a", "names no repository"],
	[`https://git.example.com/${"a".repeat(600)}`, "at most 500"],
	["", "no spaces"],
])("%s is refused in a sentence", (address, says) => {
	expect(() => parseImportAddress(address)).toThrow(says);
});

test("a password in an address is not repeated in the sentence that refuses it", () => {
	expect(() => parseImportAddress("https://user:hunter2@git.example.com/a")).toThrow(/^(?!.*hunter2)/);
});
