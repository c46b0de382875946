import type { ReleaseImage } from "@/domain/registry/keep";
import { endedStates } from "@/domain/rollout/model";
import type { Tx } from "@/server/store/client";

/** Holds back new releases until the transaction ends: none comes to an image while it is removed. */
export async function lockReleases(tx: Tx): Promise<void> {
	await tx.$executeRaw`select 1 from service order by name for update`;
	await tx.$executeRaw`select 1 from service_environment order by service, environment for update`;
}

export async function releaseImages(tx: Tx): Promise<ReleaseImage[]> {
	return tx.release.findMany({ select: { service: true, number: true, repository: true, digest: true } });
}

/**
 * `repository@digest` of all that serves or may serve without being built again: stable releases and the ones before them,
 * which a rollback goes to; both sides of rollouts that have not ended, those that await approval too; what goes on to the
 * next environment; every instance that is not gone; and what proxies were told.
 */
export async function referencedImages(tx: Tx): Promise<Set<string>> {
	const ended = [...endedStates];
	const rows = await tx.$queryRaw<{ name: string }[]>`
		select distinct r.repository || '@' || r.digest as name from release r where r.id in (
			select "stableReleaseId" from service_environment where "stableReleaseId" is not null
			union select "releaseId" from instance where "goneAt" is null
			union select "toReleaseId" from rollout where state <> all(${ended})
			union select "fromReleaseId" from rollout where state <> all(${ended}) and "fromReleaseId" is not null
			union select "releaseId" from follow_up where "doneAt" is null
			union select before."fromReleaseId" from (
				select distinct on (service, environment) "fromReleaseId" from rollout
				where state = 'promoted' and "fromReleaseId" is distinct from "toReleaseId"
				order by service, environment, number desc) before where before."fromReleaseId" is not null
			union select told.id from service_environment s, jsonb_array_elements(s.traffic->'releases') as word
				join release told on told.number = (word->>'release')::int where told.service = s.service)`;
	return new Set(rows.map(({ name }) => name));
}
