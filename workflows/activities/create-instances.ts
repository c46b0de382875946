import type { DesiredInstance } from "@/domain/host/model";
import { containerName, networkName } from "@/domain/names";
import type { CreateAction } from "@/domain/rollout/action";
import { instanceId } from "@/domain/rollout/instance-id";
import type { PlannedWorkload, ReleaseRef } from "@/domain/rollout/model";
import { place } from "@/domain/rollout/place";
import { counted } from "@/domain/rollout/sentences";
import type { Database, Tx } from "@/server/store/client";
import { changeDesired, existingInstances, insertInstance } from "@/server/store/instance";
import { lockPlacement, placeableHosts } from "@/server/store/placement";
import { leasePorts } from "@/server/store/port-lease";
import type { RolloutRecord } from "@/server/store/rollout";
import { appendEvents } from "@/server/store/rollout-event";

interface CreateDeps {
	readonly database: Database;
	readonly installation: { readonly id: string };
}

/** Places the instances that are not there yet and puts them into their hosts' documents. Throws `does-not-fit` when none fits. */
export async function createInstances(deps: CreateDeps, rollout: RolloutRecord, action: CreateAction): Promise<void> {
	const { plan } = rollout;
	const side = plan.to.number === action.release ? { release: plan.to, workload: plan.workload } : null;
	const back = plan.from && plan.fromWorkload ? { release: plan.from, workload: plan.fromWorkload } : null;
	const { release, workload } = side ?? back ?? { release: plan.to, workload: plan.workload };
	const ids = action.ordinals.map((ordinal) =>
		instanceId(plan.service, plan.environment, release.number, rollout.number, ordinal),
	);
	await deps.database.$transaction(async (tx) => {
		await lockPlacement(tx);
		const existing = await existingInstances(tx, ids);
		const missing = ids.filter((id) => !existing.has(id));
		if (missing.length === 0) return;
		const hosts = place(
			await placeableHosts(tx, plan.service, plan.environment, release.number),
			missing.length,
			workload.limits.memoryBytes,
		);
		const placed = hosts.map((hostId, index) => ({ hostId, id: missing[index] ?? "" }));
		// In the order of host ids, so that two transactions never wait for each other.
		for (const { hostId, id } of placed.sort((a, b) => (a.hostId < b.hostId ? -1 : 1))) {
			await desireInstance(tx, deps, rollout, hostId, id, release, workload);
		}
		await appendEvents(tx, rollout.id, [
			{
				kind: "step",
				key: `create/${placed.map(({ id }) => id).join(",")}`,
				message: `${counted(placed.length, "instance")} of release ${release.number} placed on ${[...new Set(hosts)].sort().join(", ")}`,
				data: { step: "create", release: release.number, instances: placed },
			},
		]);
	});
}

async function desireInstance(
	tx: Tx,
	deps: CreateDeps,
	rollout: RolloutRecord,
	hostId: string,
	id: string,
	release: ReleaseRef,
	workload: PlannedWorkload,
): Promise<void> {
	const { service, environment } = rollout.plan;
	await changeDesired(tx, hostId, async () => {
		const hostPorts = await leasePorts(tx, hostId, id, workload.ports.length);
		const spec: DesiredInstance = {
			id,
			containerName: containerName(deps.installation.id, id),
			service,
			environment,
			release: release.number,
			image: `${release.repository}@${release.digest}`,
			command: workload.command,
			variables: workload.variables,
			configVersion: workload.configVersion ?? 0,
			...(workload.references ? { references: workload.references } : {}),
			ports: workload.ports.map(({ name, targetPort }, index) => ({
				name,
				containerPort: targetPort,
				hostPort: hostPorts[index] ?? 0,
			})),
			limits: workload.limits,
			network: networkName(deps.installation.id, environment),
			stopGraceMs: workload.stopGraceMs,
		};
		await insertInstance(tx, { spec, releaseId: release.id, rolloutId: rollout.id, hostId });
		return true;
	});
}
