import { AppError } from "@/domain/errors";
import { allow } from "@/domain/policy/gate";
import type { Actor } from "@/domain/roles";
import { stillAllowed } from "@/server/live/handler";
import { type LiveChange, type LiveSource, liveStream } from "@/server/live/stream";
import type { Portal } from "@/server/portal";
import { parametersIn } from "@/server/rest/routes";
import { type RolloutName, readRolloutEvents, rolloutIdentity } from "@/server/store/rollout-view";
import type { RolloutEventRow } from "@/server/views";

export const eventsPath = "/services/{service}/environments/{environment}/rollouts/{number}/events";

/** The rollout whose events a path names; null = it names none. */
export function eventsOf(path: string): RolloutName | null {
	const found = parametersIn(eventsPath, path);
	if (!found || !/^[1-9]\d{0,8}$/.test(found.number ?? "")) return null;
	return { service: found.service ?? "", environment: found.environment ?? "", number: Number(found.number) };
}

/**
 * A rollout's events as server-sent events: each has its sequence as id and its kind as event, and its row as plain JSON.
 * Last-Event-ID goes on after that one, so a reader that was cut off misses none and gets none twice. The stream goes on
 * after the end of the rollout: its last event is of the kind `ended`.
 */
export async function followEvents(portal: Portal, request: Request, actor: Actor, name: RolloutName): Promise<Response> {
	const { deps, hub } = portal;
	allow(actor, "live.follow", name);
	const { id } = await rolloutIdentity(deps.database, name);
	const said = request.headers.get("last-event-id") ?? "0";
	if (!/^\d{1,9}$/.test(said)) throw new AppError("invalid", "Last-Event-ID is the number of an event.");
	let last = Number(said);
	const source: LiveSource = {
		isConcerned: (channel, payload) => channel === "rollout" && payload === id,
		async read() {
			const rows = await readRolloutEvents(deps.database, name, last);
			last = rows.at(-1)?.sequence ?? last;
			return rows.map((row) => ({ id: row.sequence, data: row }));
		},
	};
	const { watched, signal } = stillAllowed(portal, request, actor, source);
	return liveStream(hub, watched, signal, deps.log, written);
}

function written({ id, data }: LiveChange): string {
	return `id: ${id}\nevent: ${(data as RolloutEventRow).kind}\ndata: ${JSON.stringify(data)}\n\n`;
}
