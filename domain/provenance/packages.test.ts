import { expect, test } from "vitest";
import { distinct, packagesOfDpkg, packagesOfGo, packagesOfNpm, packageUrl } from "@/domain/provenance/packages";

test("Debian: what is installed, and nothing of what was removed", () => {
	const status = `Package: libc6
Status: install ok installed
Version: 2.36-9+deb12u10
Description: C library
 Package: not-a-field

Package: gone
Status: deinstall ok config-files
Version: 1
`;
	expect(packagesOfDpkg(status)).toEqual([{ kind: "deb", name: "libc6", version: "2.36-9+deb12u10" }]);
	expect(packagesOfDpkg(status).map(packageUrl)).toEqual(["pkg:deb/debian/libc6@2.36-9%2Bdeb12u10"]);
});

test("npm: each package by its own name, also within another's folder and under an alias", () => {
	const lock = {
		packages: {
			"": { name: "orders", version: "1.0.0" },
			"node_modules/@scope/a": { version: "1.0.0" },
			"node_modules/@scope/a/node_modules/b": { version: "2.0.0" },
			"node_modules/alias": { name: "real", version: "3.0.0" },
			"node_modules/here": { link: true },
		},
	};
	expect(packagesOfNpm(JSON.stringify(lock)).map(packageUrl)).toEqual([
		"pkg:npm/%40scope/a@1.0.0",
		"pkg:npm/b@2.0.0",
		"pkg:npm/real@3.0.0",
	]);
});

/** As Go 1.18 and later write it: magic, pointer size, flags, then at 32 two texts after their lengths. */
function goProgram(version: string, modules: string): Uint8Array {
	const text = (bytes: Buffer) =>
		Buffer.concat([Buffer.from(bytes.length < 128 ? [bytes.length] : [(bytes.length & 127) | 128, bytes.length >> 7]), bytes]);
	const head = Buffer.concat([Buffer.from("\xff Go buildinf:", "latin1"), Buffer.from([8, 2]), Buffer.alloc(16)]);
	const fence = Buffer.alloc(16, 7);
	const info = Buffer.concat([fence, Buffer.from(modules), fence]);
	return Buffer.concat([
		Buffer.alloc(1000),
		Buffer.from("\xff Go buildinf:", "latin1"),
		Buffer.alloc(64),
		head,
		text(Buffer.from(version)),
		text(info),
	]);
}

test("Go: its version and the modules in the program; another program has none", () => {
	const modules =
		"path\tmain\nmod\torders.internal\t(devel)\t\ndep\tgithub.com/google/uuid\tv1.6.0\th1:abc=\nbuild\t-trimpath=true\n";
	expect(packagesOfGo(goProgram("go1.27.3", modules)).map(packageUrl)).toEqual([
		"pkg:golang/stdlib@1.27.3",
		"pkg:golang/github.com/google/uuid@v1.6.0",
	]);
	expect(packagesOfGo(Buffer.from("#!/bin/sh\n"))).toEqual([]);
	expect(packagesOfGo(goProgram("go1.27.3", modules).subarray(0, 1110))).toEqual([]);
});

test("the same package of two databases is one", () => {
	const one = { kind: "npm", name: "b", version: "2" } as const;
	expect(distinct([one, { kind: "npm", name: "a", version: "1" }, one]).map(({ name }) => name)).toEqual(["a", "b"]);
});
