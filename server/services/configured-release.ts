import { checkReferences, usesConfig } from "@/domain/config/reference";
import type { Actor } from "@/domain/roles";
import type { PlannedRelease } from "@/domain/rollout/plan";
import { recordAudit } from "@/server/store/audit";
import type { Tx } from "@/server/store/client";
import { getConfig, newestConfig } from "@/server/store/config";
import { type RecordedRelease, recordReconfigured } from "@/server/store/release";
import { hasServed } from "@/server/store/rollout";

/**
 * The release to roll out when `release` is asked for: one that served here before is restored with what it ran with;
 * any other goes with the newest configuration, as the release of the same image that pins it. Throws `invalid` with
 * file:line:column of references that the configuration does not answer. The caller has locked the identity.
 */
export async function withConfiguration(
	tx: Tx,
	actor: Omit<Actor, "role">,
	release: PlannedRelease,
	environment: string,
): Promise<PlannedRelease> {
	const workload = release.manifest.environments[environment];
	if (!workload || !usesConfig(workload)) return release;
	const identity = { service: release.manifest.service, environment };
	const pinned = release.config?.[environment] ?? 0;
	const isRestored = pinned > 0 && (await hasServed(tx, release.id, environment));
	const config = isRestored ? await getConfig(tx, identity, pinned) : await newestConfig(tx, identity);
	checkReferences(workload, config.entries, identity);
	return config.version === pinned ? release : reconfigure(tx, actor, release, environment, config.version);
}

/** Records the release of the same image with this version of the configuration, and who made it. */
export async function reconfigure(
	tx: Tx,
	actor: Omit<Actor, "role">,
	base: PlannedRelease,
	environment: string,
	version: number,
): Promise<RecordedRelease> {
	const release = await recordReconfigured(tx, base, environment, version, actor);
	if (release.isNew) {
		const { service } = base.manifest;
		await recordAudit(tx, actor, {
			action: "release.create",
			subjectKind: "release",
			subject: `${service}/${release.number}`,
			summary: `${actor.name} recorded release ${release.number} of ${service}: release ${base.number} with configuration ${version} of ${environment}`,
			data: { digest: base.digest, environment, configVersion: version },
		});
	}
	return release;
}
