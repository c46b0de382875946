import type { FoundPackage } from "@/domain/provenance/model";

export interface PackageDifference {
	readonly kind: FoundPackage["kind"];
	readonly name: string;
	/** Several, where an image has a package in several versions; empty = it is not there. */
	readonly from: readonly string[];
	readonly to: readonly string[];
}

/** Packages that one image has in other versions than the other, or alone, by kind and name. */
export function packageDifferences(from: readonly FoundPackage[], to: readonly FoundPackage[]): PackageDifference[] {
	const [before, after] = [versionsOf(from), versionsOf(to)];
	const keys = [...new Set([...before.keys(), ...after.keys()])].sort();
	return keys.flatMap((key) => {
		const [had, has] = [before.get(key), after.get(key)];
		const { kind, name } = had ?? has ?? { kind: "generic", name: key };
		const [old, young] = [had?.versions ?? [], has?.versions ?? []];
		return old.join(" ") === young.join(" ") ? [] : [{ kind, name, from: old, to: young }];
	});
}

function versionsOf(packages: readonly FoundPackage[]) {
	const found = new Map<string, { kind: FoundPackage["kind"]; name: string; versions: string[] }>();
	for (const { kind, name, version } of packages) {
		const own = found.get(`${kind} ${name}`) ?? { kind, name, versions: [] };
		if (!own.versions.includes(version)) own.versions.push(version);
		own.versions.sort();
		found.set(`${kind} ${name}`, own);
	}
	return found;
}
