import { AppError } from "@/domain/errors";
import type { Database } from "@/server/store/client";
import { requestPull } from "@/server/store/image-pull";
import { placeableHosts } from "@/server/store/placement";
import type { RolloutRecord } from "@/server/store/rollout";
import { appendEvents } from "@/server/store/rollout-event";
import { placedVolumes } from "@/server/store/volume";

/** Asks every host where the release may come to run for its image: the one with the data, or all. Throws `does-not-fit` when none answers. */
export async function pullAhead(database: Database, rollout: RolloutRecord): Promise<void> {
	const { service, environment, to, workload } = rollout.plan;
	await database.$transaction(async (tx) => {
		const [home] = workload.volumes ? await placedVolumes(tx, service, environment) : [];
		const usable = (await placeableHosts(tx, service, environment, to.number)).filter((host) => host.isUsable);
		const hosts = home ? [home.host] : usable.map((host) => host.id);
		if (hosts.length === 0) throw new AppError("does-not-fit", `No host answers that could run ${service} in ${environment}.`);
		await requestPull(tx, rollout.id, hosts, `${to.repository}@${to.digest}`);
		const message = `${hosts.join(", ")} pulls the image of release ${to.number} before anything is stopped`;
		await appendEvents(tx, rollout.id, [{ kind: "step", key: "pull", message, data: { step: "pull", hosts } }]);
	});
}
