import { compareLines, type InstanceLine, type LinePlace } from "@/domain/instance-log/model";
import { recordTime } from "@/domain/instance-log/record";
import { searchable } from "@/domain/instance-log/search";
import { openLines } from "./block";
import { instanceFolder, type LogIdentity, listInstances, listSegments, type Segment, sizeOf } from "./segment";
import { type Direction, Source, type Wanted } from "./source";

export interface LogQuery extends Omit<Wanted, "direction" | "words"> {
	readonly direction: Direction;
	/** null = all of them. */
	readonly instance: string | null;
	/** Case does not matter; "" = all lines. */
	readonly search: string;
	readonly limit: number;
}

export interface LogPage {
	/** Oldest first, whatever the direction. */
	readonly lines: readonly InstanceLine[];
	/** Go on from here in the same direction; null = there is nothing more. */
	readonly next: LinePlace | null;
	/** The search gave up here for now: it had looked at enough. */
	readonly isCut: boolean;
}

/** What one question may read of the disk: about a second's work. */
const scanLimitBytes = 64 * 1024 * 1024;

/**
 * A page of what the instances of a service wrote in an environment, merged by time. Segments are opened only when the
 * page comes near their time, and read from the place where it is.
 */
export async function readLog(
	root: string,
	identity: LogIdentity,
	query: LogQuery,
	scanBytes = scanLimitBytes,
): Promise<LogPage> {
	const wanted: Wanted = { ...query, words: searchable(query.search) };
	const sources = await openSources(root, identity, query.instance, wanted);
	const isBackward = query.direction === "backward";
	const lines: InstanceLine[] = [];
	const answer = (next: LinePlace | null, isCut = false): LogPage => ({
		lines: isBackward ? lines.toReversed() : lines,
		next,
		isCut,
	});
	let scanned = 0;
	try {
		for (;;) {
			const source = nearest(sources, isBackward);
			const place = source?.place ?? null;
			if (!source || place === null) return answer(null);
			if (source.next === null) {
				// Never before it got on: the next question would ask the same again.
				const hasMoved = query.from === null || isBehind(place, query.from, isBackward);
				if (scanned >= scanBytes && hasMoved) return answer(place, true);
				scanned += await source.load();
				continue;
			}
			if (lines.length === query.limit) return answer(lines.at(-1) ?? null);
			lines.push(source.next);
			source.take();
		}
	} finally {
		await Promise.all(sources.map((source) => source.close()));
	}
}

function isBehind(place: LinePlace, other: LinePlace, isBackward: boolean): boolean {
	const order = compareLines(place, other);
	return isBackward ? order < 0 : order > 0;
}

/** The one whose next line, seen or not, comes first in the direction. */
function nearest(sources: readonly Source[], isBackward: boolean): Source | null {
	let best: Source | null = null;
	for (const source of sources) {
		if (source.place === null) continue;
		if (!best?.place || isBehind(best.place, source.place, isBackward)) best = source;
	}
	return best;
}

async function openSources(root: string, identity: LogIdentity, instance: string | null, wanted: Wanted): Promise<Source[]> {
	const instances = instance === null ? await listInstances(root, identity) : [instance];
	const segments = await Promise.all(instances.map((id) => listSegments(instanceFolder(root, identity, id), id)));
	const { direction, from, since, until } = wanted;
	const made = segments.flat().map(async (segment): Promise<Source | null> => {
		const lastTime = await lastTimeOf(segment);
		if (lastTime === null || (since !== null && lastTime < since) || (until !== null && segment.from >= until)) return null;
		if (from !== null && (direction === "backward" ? segment.from > from.time : lastTime < from.time)) return null;
		return new Source(segment, lastTime, wanted);
	});
	return (await Promise.all(made)).filter((source) => source !== null);
}

/** Of a segment that is full it never changes; file -> its size then, and the time. */
const lastTimes = new Map<string, { size: number; time: string }>();
const mostLastTimes = 20_000;

/** Of the segment's newest line; null = it has none. */
export async function lastTimeOf(segment: Segment): Promise<string | null> {
	const size = await sizeOf(segment.file);
	const known = lastTimes.get(segment.file);
	if (known && known.size === size) return known.time;
	if (size === 0) return null;
	const file = await openLines(segment.file);
	try {
		const last = (await file.before(file.size))?.last;
		if (last === undefined) return null;
		const time = recordTime(last);
		lastTimes.set(segment.file, { size: file.size, time });
		for (const oldest of lastTimes.keys()) {
			if (lastTimes.size <= mostLastTimes) break;
			lastTimes.delete(oldest);
		}
		return time;
	} finally {
		await file.close();
	}
}
