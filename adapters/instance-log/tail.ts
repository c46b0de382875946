import { compareLines, type InstanceLine } from "@/domain/instance-log/model";
import { parseRecord } from "@/domain/instance-log/record";
import { openLines } from "./block";
import { lastTimeOf } from "./reader";
import { instanceFolder, type LogIdentity, listInstances, listSegments } from "./segment";

/** An instance that says nothing is looked at each so many times only: most of them are long gone. */
const quietLooks = 15;

interface Place {
	readonly ordinal: number;
	readonly offset: number;
	/** Looks without a line since the last one. */
	readonly quiet: number;
}

const nowhere: Place = { ordinal: 0, offset: 0, quiet: 0 };

/**
 * What comes to the files of a service in an environment, in the order it comes: a host that was away tells late, and
 * nothing of it is missed. At most a block (256 kB) an instance and look; the rest comes with the next.
 */
export class LogTail {
	readonly #places = new Map<string, Place>();
	#looks = 0;

	constructor(
		private readonly root: string,
		private readonly identity: LogIdentity,
		/** null = all of them, also those that come. */
		private readonly instance: string | null,
		/** Line time: where to begin. */
		private readonly since: string,
	) {}

	async read(): Promise<InstanceLine[]> {
		const instances = this.instance === null ? await listInstances(this.root, this.identity) : [this.instance];
		const isFirst = this.#looks === 0;
		this.#looks += 1;
		const lines = await Promise.all(instances.map((instance) => this.#readOne(instance, isFirst)));
		return lines.flat().sort(compareLines);
	}

	async #readOne(instance: string, isFirst: boolean): Promise<InstanceLine[]> {
		const known = this.#places.get(instance);
		if (known && known.quiet > quietLooks && this.#looks % quietLooks !== 0) return [];
		const folder = instanceFolder(this.root, this.identity, instance);
		let place = known ?? (isFirst ? await this.#beginning(folder, instance) : nowhere);
		const segments = await listSegments(folder, instance);
		// All of it was tidied away, and it began anew.
		if ((segments.at(-1)?.ordinal ?? Number.POSITIVE_INFINITY) < place.ordinal) place = nowhere;
		this.#places.set(instance, { ...place, quiet: place.quiet + 1 });
		for (const segment of segments) {
			if (segment.ordinal < place.ordinal) continue;
			const start = segment.ordinal === place.ordinal ? place.offset : 0;
			const block = await reading(segment.file, (file) => file.after(start));
			if (!block) continue;
			this.#places.set(instance, { ordinal: segment.ordinal, offset: block.end, quiet: 0 });
			return block.lines.flatMap((text) => parseRecord(instance, text) ?? []);
		}
		return [];
	}

	async #beginning(folder: string, instance: string): Promise<Place> {
		const segments = await listSegments(folder, instance);
		for (const segment of segments) {
			const last = await lastTimeOf(segment);
			if (last === null || last < this.since) continue;
			const offset = (await reading(segment.file, (file) => file.find(this.since))) ?? 0;
			return { ordinal: segment.ordinal, offset, quiet: 0 };
		}
		const newest = segments.at(-1);
		const size = newest && (await reading(newest.file, async (file) => (await file.before(file.size))?.end ?? 0));
		return { ordinal: newest?.ordinal ?? 0, offset: size ?? 0, quiet: 0 };
	}
}

/** null = tidied meanwhile. */
async function reading<T>(name: string, read: (file: Awaited<ReturnType<typeof openLines>>) => Promise<T>): Promise<T | null> {
	try {
		const file = await openLines(name);
		try {
			return await read(file);
		} finally {
			await file.close();
		}
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
		throw error;
	}
}
