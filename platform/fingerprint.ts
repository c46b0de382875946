import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";

/** A short hash of any JSON value; equal values in the same order have equal hashes. */
export function fingerprintOf(value: unknown): string {
	return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);
}

const source = /\.(ts|tsx|mts|json|css|sql|prisma|svg)$/;
const test = /\.test\.tsx?$/;

function filesUnder(path: string): string[] {
	const stat = statSync(path, { throwIfNoEntry: false });
	if (stat === undefined) return [];
	if (stat.isFile()) return [path];
	return readdirSync(path, { withFileTypes: true })
		.toSorted((left, right) => (left.name < right.name ? -1 : 1))
		.flatMap((entry) => {
			const child = `${path}/${entry.name}`;
			if (entry.isDirectory()) return filesUnder(child);
			return source.test(entry.name) && !test.test(entry.name) ? [child] : [];
		});
}

/** A hash of the source files under some paths of the checkout: tells whether a build or a running process is of this code. */
export function fingerprintOfSources(root: string, paths: readonly string[]): string {
	const hash = createHash("sha256");
	for (const file of paths.flatMap((path) => filesUnder(`${root}/${path}`))) {
		hash.update(file.slice(root.length)).update("\0").update(readFileSync(file)).update("\0");
	}
	return hash.digest("hex").slice(0, 16);
}
