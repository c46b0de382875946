/** An image that a release was made of. */
export interface ReleaseImage {
	readonly service: string;
	readonly number: number;
	readonly repository: string;
	readonly digest: string;
}

/** So many of a service's newest images stay, whatever uses them: what people go back to by hand. */
export const imagesKept = 10;

export function imageName({ repository, digest }: Pick<ReleaseImage, "repository" | "digest">): string {
	return `${repository}@${digest}`;
}

/**
 * Images of releases that nothing needs any more: not of the newest ten of any service, and not in `referenced`. Releases
 * that only configure an image anew count with it, once; one that a newer release has again is as new as that.
 */
export function unneededImages(releases: readonly ReleaseImage[], referenced: ReadonlySet<string>): ReleaseImage[] {
	const newestFirst = releases.toSorted((left, right) => right.number - left.number);
	const kept = new Set(referenced);
	for (const own of Map.groupBy(newestFirst, ({ service }) => service).values()) {
		const newest = [...new Set(own.map(imageName))].slice(0, imagesKept);
		for (const name of newest) kept.add(name);
	}
	const unneeded = new Map(newestFirst.map((release) => [imageName(release), release]));
	return [...unneeded].flatMap(([name, release]) => (kept.has(name) ? [] : [release]));
}
