import { AppError } from "@/domain/errors";
import type { Actor } from "@/domain/roles";
import { whyNotServiceVerb } from "@/domain/service/gate";
import { startRolloutIn } from "@/server/services/rollout-start";
import type { Database } from "@/server/store/client";
import { getServiceEnvironment } from "@/server/store/traffic";

export interface ServiceVerb {
	readonly service: string;
	readonly environment: string;
}

type Change = { readonly kind: "scale"; readonly instances: number } | { readonly kind: "restart" } | { readonly kind: "stop" };

/**
 * Another count of instances, new ones in place of those that run, or none: the same machinery as a release, so no
 * request is lost. Throws `not-found` where nothing was ever deployed, `conflict` while something else moves.
 */
export async function changeService(
	deps: { readonly database: Database },
	actor: Actor,
	{ service, environment, ...change }: ServiceVerb & Change,
): Promise<{ number: number }> {
	return deps.database.$transaction(async (tx) => {
		const { stableReleaseId, instances } = await getServiceEnvironment(tx, service, environment);
		const facts = { service, environment, isDeployed: stableReleaseId !== null, declared: instances ?? 1 };
		const refusal = whyNotServiceVerb(change.kind, facts);
		if (refusal || !stableReleaseId) throw new AppError("not-allowed-now", refusal ?? `${service} has no stable release.`);
		const wanted = change.kind === "scale" ? { instances: change.instances } : change.kind === "stop" ? { instances: 0 } : {};
		const wish = { service, environment, releaseId: stableReleaseId, kind: change.kind, origin: "user", ...wanted } as const;
		return startRolloutIn(tx, actor, wish);
	});
}
