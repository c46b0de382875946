import { readdir, stat } from "node:fs/promises";
import { AppError } from "@/domain/errors";
import { isInstanceId, isLineTime } from "@/domain/instance-log/model";
import { isSlug } from "@/domain/names";

/** Whose logs: `logs/instances/<service>/<environment>/` under the home. */
export interface LogIdentity {
	readonly service: string;
	readonly environment: string;
}

/**
 * An instance's log is a row of segments, `000001-2026-11-24T13:12:53.123456789Z.log`: numbered in the order they were
 * begun, and named by the time of their first line. Within one, times never go back, so a time is found by halving.
 */
export interface Segment {
	readonly instance: string;
	readonly file: string;
	readonly ordinal: number;
	/** Of its first line. */
	readonly from: string;
}

/** Throws `invalid` for a name that is none: it becomes part of a path. */
function identityFolder(root: string, { service, environment }: LogIdentity): string {
	for (const name of [service, environment]) if (!isSlug(name)) throw new AppError("invalid", `"${name}" is no name.`);
	return `${root}/${service}/${environment}`;
}

export function instanceFolder(root: string, identity: LogIdentity, instance: string): string {
	if (!isInstanceId(instance)) throw new AppError("invalid", `"${instance}" is no instance.`);
	return `${identityFolder(root, identity)}/${instance}`;
}

export function segmentFile(folder: string, ordinal: number, from: string): string {
	return `${folder}/${String(ordinal).padStart(6, "0")}-${from}.log`;
}

/** Of one instance, in order; none when it has none. */
export async function listSegments(folder: string, instance: string): Promise<Segment[]> {
	const names = await namesIn(folder);
	return names
		.flatMap((name) => {
			const match = /^(\d{6,})-(.{30})\.log$/.exec(name);
			if (!match?.[1] || !match[2] || !isLineTime(match[2])) return [];
			return [{ instance, file: `${folder}/${name}`, ordinal: Number(match[1]), from: match[2] }];
		})
		.sort((a, b) => a.ordinal - b.ordinal);
}

/** Instances that have a log here, gone ones too. */
export async function listInstances(root: string, identity: LogIdentity): Promise<string[]> {
	return (await namesIn(identityFolder(root, identity))).filter(isInstanceId).sort();
}

export async function namesIn(folder: string): Promise<string[]> {
	return orElse(readdir(folder), []);
}

/** 0 = it is not there. */
export async function sizeOf(file: string): Promise<number> {
	return orElse(
		stat(file).then(({ size }) => size),
		0,
	);
}

async function orElse<T>(call: Promise<T>, other: T): Promise<T> {
	try {
		return await call;
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		// Tidied meanwhile, or never made.
		if (code === "ENOENT" || code === "ENOTDIR") return other;
		throw error;
	}
}
