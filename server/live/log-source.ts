import type { LogIdentity } from "@/adapters/instance-log/segment";
import { LogTail } from "@/adapters/instance-log/tail";
import { lineTimeMs, lineTimeOf } from "@/domain/instance-log/model";
import { allow } from "@/domain/policy/gate";
import type { Actor } from "@/domain/roles";
import type { Deps } from "@/server/deps";
import type { LiveSource } from "@/server/live/stream";
import { checkLogIdentity } from "@/server/services/instance-log";

/** A reader that comes back gets so much again: hosts tell their lines at different times. Lines are known by their numbers. */
const overlapMs = 15_000;

/** Lines as they reach the home. `after` is the time of the newest line that the reader has, in milliseconds; 0 = begin now. */
export async function logSource(
	deps: Pick<Deps, "database" | "env">,
	actor: Actor,
	identity: LogIdentity,
	instance: string | null,
	after: number,
): Promise<LiveSource> {
	allow(actor, "log.read", identity);
	await checkLogIdentity(deps, identity, instance);
	let newestMs = after > 0 ? after : Date.now();
	const tail = new LogTail(deps.env.paths.instanceLogs, identity, instance, lineTimeOf(newestMs - overlapMs));
	return {
		// Files tell nobody: the stream looks each second.
		isConcerned: () => false,
		async read() {
			const lines = await tail.read();
			if (lines.length === 0) return [];
			for (const line of lines) newestMs = Math.max(newestMs, lineTimeMs(line.time));
			return [{ id: newestMs, data: lines }];
		},
	};
}
