import { expect, test } from "vitest";
import {
	openGoSettings,
	openMavenSettings,
	openNpmSettings,
	openPipSettings,
	readPipSettings,
	withoutAptCredentials,
} from "@/domain/pipeline/mirror-settings";

const secrets = /hunter2|s3cret|npm_[A-Za-z]+/;

test("npm's registries are kept, its tokens, passwords and proxies are not", () => {
	const open = openNpmSettings(
		[
			"registry=https://npm.example/group/",
			"@shop:registry = https://npm.example/shop/",
			"@other:registry=https://ann:hunter2@npm.example/other/",
			"//npm.example/group/:_authToken=npm_abcDEF123",
			"//npm.example/group/:_password=hunter2",
			"_auth=hunter2",
			"proxy=http://ann:hunter2@proxy.example:3128",
			"strict-ssl=false",
			"",
		].join("\r\n"),
	);
	expect(open).toBe("registry=https://npm.example/group/\n@shop:registry = https://npm.example/shop/\nstrict-ssl=false\n");
	expect(open).not.toMatch(secrets);
});

test("Go's proxies are kept without those that hold a password, and never only `direct` in their place", () => {
	const open = (proxy: string) => openGoSettings(`GOPROXY=${proxy}\nGOPRIVATE=*.example\n`);
	expect(open("https://go.example,direct")).toBe("GOPROXY=https://go.example,direct\nGOPRIVATE=*.example\n");
	expect(open("https://a:hunter2@go.example|https://b.example,direct")).toBe(
		"GOPROXY=https://b.example,direct\nGOPRIVATE=*.example\n",
	);
	expect(open("https://a:hunter2@go.example,direct")).toBe("GOPRIVATE=*.example\n");
	expect(open("off")).toBe("GOPROXY=off\nGOPRIVATE=*.example\n");
	expect(openGoSettings("GOSUMDB=sum.example+1+key https://ann:hunter2@sum.example")).toBe("");
});

test("pip's indexes are kept unless they hold a password, and it trusts the machine's certificates", () => {
	const settings = readPipSettings(
		"# a comment\n[global]\nindex-url = https://pypi.example/simple\nextra-index-url =\n    https://a.example/simple\n    https://ann:hunter2@b.example/simple\n[install]\ntrusted_host: a.example\n[search]\nindex = https://c.example\n",
	);
	expect(openPipSettings(settings, "/ca.crt")).toBe(
		"[global]\ncert = /ca.crt\nindex-url = https://pypi.example/simple\nextra-index-url = https://a.example/simple\ntrusted-host = a.example\n",
	);
	expect(openPipSettings({ "index-url": "https://__token__:s3cret@pypi.example/simple" }, "/ca.crt")).toBe(
		"[global]\ncert = /ca.crt\n",
	);
	expect(openPipSettings({}, "/ca.crt")).toBe("[global]\ncert = /ca.crt\n");
});

test("Maven's mirrors are kept, its servers and proxies are not", () => {
	const mirror = (id: string, url: string) =>
		`<mirror>\n <id>${id}</id>\n <mirrorOf>central</mirrorOf> <url>${url}</url></mirror>`;
	const settings = `<settings xmlns="x"><mirrors><!-- ${mirror("old", "https://old.example")} -->
		${mirror("group", "https://maven.example/group")}${mirror("closed", "https://ann:hunter2@maven.example/closed")}</mirrors>
		<servers><server><id>group</id><username>ann</username><password>hunter2</password></server></servers>
		<proxies><proxy><password>s3cret</password></proxy></proxies></settings>`;
	const open = openMavenSettings(settings);
	expect(open).toBe(
		"<settings>\n\t<mirrors>\n\t\t<mirror><id>group</id><mirrorOf>central</mirrorOf><url>https://maven.example/group</url></mirror>\n\t</mirrors>\n</settings>\n",
	);
	expect(openMavenSettings("<settings/>")).toBe("");
	const blocker = mirror("blocker", "http://0.0.0.0/").replace("</mirror>", "<blocked>true</blocked></mirror>");
	expect(openMavenSettings(`<mirrors>${blocker}</mirrors>`)).toBe("");
	expect(openMavenSettings(`<mirrors>${blocker}${mirror("group", "https://maven.example")}</mirrors>`)).toMatch(
		/http:\/\/0\.0\.0\.0\/<\/url><blocked>true<\/blocked><\/mirror>\n.*<id>group<\/id>/,
	);
});

test("an apt source keeps its address and loses its password", () => {
	expect(withoutAptCredentials("URIs: https://ann:hunter2@apt.example/debian http://b.example/debian\n")).toBe(
		"URIs: https://apt.example/debian http://b.example/debian\n",
	);
	expect(withoutAptCredentials("deb [signed-by=/k] http://s3cret@apt.example/debian bookworm main")).not.toMatch(secrets);
});
