import { AppError } from "@/domain/errors";
import type { Actor } from "@/domain/roles";
import { whyNotRemoveVolume } from "@/domain/volume";
import type { Deps } from "@/server/deps";
import { recordAudit } from "@/server/store/audit";
import { lockPlacement } from "@/server/store/placement";
import { movingRollout } from "@/server/store/rollout";
import { lockServiceEnvironment } from "@/server/store/traffic";
import { findVolume, removeVolume, type VolumeRecord, volumeHolders } from "@/server/store/volume";

/**
 * Gives a volume's data up, for good: its host removes it, and the next instance begins with an empty one, wherever it is
 * placed. Throws `not-found`, and `not-allowed-now` while an instance holds it.
 */
export async function giveUpVolume(
	deps: Pick<Deps, "database">,
	actor: Actor,
	{ service, environment, name }: { readonly service: string; readonly environment: string; readonly name: string },
): Promise<VolumeRecord> {
	return deps.database.$transaction(async (tx) => {
		const volume = await findVolume(tx, { service, environment, name });
		if (!volume) {
			throw new AppError(
				"not-found",
				`${service} in ${environment} has no volume ${name}: \`sluice volume list\` shows those there are.`,
			);
		}
		// In the order of a host's drain.
		await lockPlacement(tx);
		await lockServiceEnvironment(tx, service, environment);
		const heldBy = await volumeHolders(tx, service, environment);
		const refusal = whyNotRemoveVolume({ service, environment, name, heldBy }) ?? (await whyMoving(tx, volume));
		if (refusal) throw new AppError("not-allowed-now", refusal);
		await removeVolume(tx, volume, actor.name);
		await recordAudit(tx, actor, {
			action: "volume.remove",
			subjectKind: "volume",
			subject: `${service}/${environment}/${name}`,
			summary: `${actor.name} removed the volume ${name} of ${service} in ${environment}, on ${volume.hostId}`,
			data: { volume: volume.id, host: volume.hostId },
		});
		return { ...volume, removedAt: new Date(), removedBy: actor.name };
	});
}

/** One that waits because the volume's host is lost is what giving it up is for. */
async function whyMoving(
	tx: Parameters<typeof movingRollout>[0],
	{ service, environment, name }: VolumeRecord,
): Promise<string | null> {
	const moving = await movingRollout(tx, service, environment);
	if (!moving || moving.state === "waiting") return null;
	return `Rollout ${moving.number} of ${service} in ${environment} moves, and may need the volume ${name}: wait for its end, or abort it.`;
}
