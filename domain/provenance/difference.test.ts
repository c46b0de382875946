import { expect, test } from "vitest";
import { packageDifferences } from "@/domain/provenance/difference";
import type { FoundPackage } from "@/domain/provenance/model";

const deb = (name: string, version: string): FoundPackage => ({ kind: "deb", name, version });
const npm = (name: string, version: string): FoundPackage => ({ kind: "npm", name, version });

test("what was added, removed and changed is told by kind and name; what is the same is not", () => {
	const from = [deb("libc6", "2.36"), deb("tar", "1.34"), npm("ws", "8.1.0"), npm("ws", "7.5.0"), npm("tar", "6.0.0")];
	const to = [npm("ws", "7.5.0"), npm("ws", "8.2.0"), npm("tar", "6.0.0"), deb("libc6", "2.37"), deb("zlib1g", "1.3")];
	expect(packageDifferences(from, to)).toEqual([
		{ kind: "deb", name: "libc6", from: ["2.36"], to: ["2.37"] },
		{ kind: "deb", name: "tar", from: ["1.34"], to: [] },
		{ kind: "deb", name: "zlib1g", from: [], to: ["1.3"] },
		{ kind: "npm", name: "ws", from: ["7.5.0", "8.1.0"], to: ["7.5.0", "8.2.0"] },
	]);
});

test("the same packages in another order, or told twice, are no difference", () => {
	expect(packageDifferences([npm("a", "1"), npm("a", "2")], [npm("a", "2"), npm("a", "1"), npm("a", "1")])).toEqual([]);
});
