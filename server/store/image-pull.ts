import type { ImageReport } from "@/domain/host/model";
import { endedStates } from "@/domain/rollout/model";
import { Prisma } from "@/prisma/generated/client";
import type { Tx } from "@/server/store/client";
import { changeDesired } from "@/server/store/instance";

/** Asks these hosts to have the image for as long as the rollout is under way. Asking twice is asking once. */
export async function requestPull(tx: Tx, rolloutId: string, hosts: readonly string[], image: string): Promise<void> {
	// In the order of host ids, so that two transactions never wait for each other.
	for (const hostId of [...hosts].sort()) {
		await changeDesired(tx, hostId, async () => {
			const asked = await tx.$executeRaw`
				insert into image_pull ("rolloutId", "hostId", image, "askedAt")
				values (${rolloutId}, ${hostId}, ${image}, clock_timestamp() at time zone 'utc') on conflict do nothing`;
			return asked > 0;
		});
	}
}

/** The images that the host `h` is asked for: a column of its desired document. */
export const pulledAhead = Prisma.sql`coalesce((
	select jsonb_agg(distinct p.image) from image_pull p join rollout r on r.id = p."rolloutId"
	where p."hostId" = h.id and r.state <> all(${[...endedStates]})), '[]')`;

/** What a host says of the images that it was asked for. Returns `service/environment` of those whose rollouts learn something. */
export async function recordPulls(tx: Tx, hostId: string, images: readonly ImageReport[]): Promise<string[]> {
	if (images.length === 0) return [];
	const rows = await tx.$queryRaw<{ key: string }[]>`
		update image_pull p set "isPulled" = said.problem is null, problem = said.problem
		from jsonb_to_recordset(${JSON.stringify(images)}::jsonb) as said(image text, problem text), rollout r
		where p."hostId" = ${hostId} and p.image = said.image and r.id = p."rolloutId"
			and (p."isPulled", p.problem) is distinct from (said.problem is null, said.problem)
		returning r.service || '/' || r.environment as key`;
	return rows.map(({ key }) => key);
}
