import { isDrained } from "@/domain/rollout/observation";
import type { Database, Tx } from "@/server/store/client";
import { identitiesWithLeftovers, markGone, stopInstances } from "@/server/store/instance";
import { releasePorts } from "@/server/store/port-lease";
import { movingRollout } from "@/server/store/rollout";
import { observeIdentity } from "@/server/store/rollout-observation";
import { lockServiceEnvironment, publishTraffic } from "@/server/store/traffic";

/**
 * What ended rollouts left behind, once more: a held instance is stopped when every proxy that is not declared lost
 * shows it drained; an instance whose host came back and removed it leaves the traffic; ports of gone instances begin
 * their quarantine. Where a rollout is under way it does nothing: that rollout does the same.
 */
export async function tidyLeftovers(database: Database): Promise<void> {
	for (const { service, environment } of await identitiesWithLeftovers(database)) {
		await database.$transaction((tx) => tidy(tx, service, environment));
	}
	await releasePorts(database);
}

async function tidy(tx: Tx, service: string, environment: string): Promise<void> {
	// The lock a start takes, too: no rollout can begin in between.
	await lockServiceEnvironment(tx, service, environment);
	if (await movingRollout(tx, service, environment)) return;
	const facts = await observeIdentity(tx, service, environment);
	const none = {
		reason: null,
		abort: null,
		pause: null,
		step: 0,
		stepAt: null,
		approval: null,
		analysis: null,
		made: 0,
	} as const;
	const observation = { ...facts, ...none, state: "promoted" } as const;
	const leftovers = facts.instances.filter((instance) => ["draining", "held"].includes(instance.phase));
	await stopInstances(
		tx,
		leftovers.filter((instance) => isDrained(instance, observation)).map(({ id }) => id),
	);
	const gone = facts.instances.filter((instance) => instance.isGone).map(({ id }) => id);
	if (gone.length > 0) await withdraw(tx, service, environment, new Set(gone));
}

async function withdraw(tx: Tx, service: string, environment: string, gone: ReadonlySet<string>): Promise<void> {
	await markGone(tx, [...gone]);
	await publishTraffic(tx, service, environment, ({ traffic }) => {
		if (!traffic) throw new Error(`${service}/${environment} has instances and was never published`);
		const { revision: _, ...content } = traffic;
		const releases = content.releases
			.map((release) => ({ ...release, endpoints: release.endpoints.filter((endpoint) => !gone.has(endpoint.instance)) }))
			.filter((release) => release.endpoints.length > 0 || release.weight > 0);
		return { ...content, releases };
	});
}
