import { randomBytes } from "node:crypto";
import { AppError } from "@/domain/errors";
import type { DesiredInstance } from "@/domain/host/model";
import { containerName, networkName } from "@/domain/names";
import type { CreateAction } from "@/domain/rollout/action";
import { instanceId } from "@/domain/rollout/instance-id";
import type { PlannedWorkload, ReleaseRef, RolloutPlan } from "@/domain/rollout/model";
import { type Home, place } from "@/domain/rollout/place";
import { counted } from "@/domain/rollout/sentences";
import { volumeId } from "@/domain/volume";
import type { Database, Tx } from "@/server/store/client";
import { changeDesired, existingInstances, insertInstance } from "@/server/store/instance";
import { lockPlacement, placeableHosts } from "@/server/store/placement";
import { leasePorts } from "@/server/store/port-lease";
import type { RolloutRecord } from "@/server/store/rollout";
import { appendEvents } from "@/server/store/rollout-event";
import { insertVolume, placedVolumes, volumeHolders } from "@/server/store/volume";

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
		const home = await homeOf(tx, plan, workload);
		const hosts = place(
			await placeableHosts(tx, plan.service, plan.environment, release.number),
			missing.length,
			workload.limits.memoryBytes,
			home,
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

/** Where the volumes are; null = they are nowhere yet, or there are none. Throws `does-not-fit` while an instance may hold them. */
async function homeOf(tx: Tx, { service, environment }: RolloutPlan, { volumes }: PlannedWorkload): Promise<Home | null> {
	if (!volumes) return null;
	const [holder] = await volumeHolders(tx, service, environment);
	if (holder) throw new AppError("does-not-fit", `${holder} may still hold the volumes of ${service} in ${environment}.`);
	// Also of one that this release does not mount: they stay together, so that a later one may mount both.
	const [placed] = await placedVolumes(tx, service, environment);
	return placed ? { host: placed.host, volume: `${placed.name} of ${service} in ${environment}` } : null;
}

/** Each volume by the engine's name; those that are new are written down with their home. Call it under `lockPlacement`. */
async function volumesFor(
	tx: Tx,
	installation: string,
	{ service, environment }: RolloutPlan,
	hostId: string,
	{ volumes }: PlannedWorkload,
): Promise<Pick<DesiredInstance, "volumes">> {
	if (!volumes) return {};
	const placed = new Map((await placedVolumes(tx, service, environment)).map(({ name, id }) => [name, id]));
	for (const { name } of volumes) {
		if (placed.has(name)) continue;
		const id = volumeId(installation, { service, environment, name }, randomBytes(3).toString("hex"));
		await insertVolume(tx, { id, service, environment, name, hostId });
		placed.set(name, id);
	}
	return { volumes: volumes.map((mount) => ({ ...mount, id: placed.get(mount.name) ?? "" })) };
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
			...(await volumesFor(tx, deps.installation.id, rollout.plan, hostId, workload)),
			network: networkName(deps.installation.id, environment),
			stopGraceMs: workload.stopGraceMs,
		};
		await insertInstance(tx, { spec, releaseId: release.id, rolloutId: rollout.id, hostId });
		return true;
	});
}
