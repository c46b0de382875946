import { readAuthorityPin } from "@/adapters/ca/authority";
import { readInstallation } from "@/adapters/installation/read";
import { AppError } from "@/domain/errors";
import { whyNotDrain, whyNotRemove, whyNotUndrain } from "@/domain/host/gate";
import { portOf } from "@/domain/installation";
import type { Actor } from "@/domain/roles";
import { hostEvent } from "@/domain/webhook/catalog-event";
import type { Deps } from "@/server/deps";
import { requestRepair } from "@/server/services/repair";
import { recordAudit } from "@/server/store/audit";
import type { Tx } from "@/server/store/client";
import { identitiesOn, lockHost, removeHost, setHostState } from "@/server/store/host-life";
import { createJoinToken, type HostRole } from "@/server/store/join-token";
import { lockPlacement } from "@/server/store/placement";
import { declareProxyLost } from "@/server/store/proxy";
import { tellWebhooks } from "@/server/store/webhook-event";

/** A token for one host, shown once, and the command to type there. */
export async function createHostToken(
	deps: Pick<Deps, "database" | "env">,
	actor: Actor,
	{ name, roles }: { readonly name: string; readonly roles: readonly HostRole[] },
): Promise<{ token: string; relay: string; command: string }> {
	const caSha256 = await readAuthorityPin(deps.env.paths);
	const token = await deps.database.$transaction(async (tx) => {
		const summary = `${actor.name} made a join token for host ${name} (${roles.join(", ")})`;
		await recordAudit(tx, actor, {
			action: "host.createJoinToken",
			subjectKind: "host",
			subject: name,
			summary,
			data: { roles: [...roles] },
		});
		return createJoinToken(tx, { host: name, roles, createdBy: actor.name, caSha256 });
	});
	// Read now: an address may have been added since this process started.
	const [address = "<address of this machine, made known by sluice up --relay-address>"] =
		readInstallation(deps.env.home).relayAddresses ?? [];
	const relay = `https://${address}:${portOf(deps.env.installation.portBase, "relay")}`;
	const command = `sluice host join --relay ${relay} --name ${name} --address <its address> --token-file <file with the token>`;
	return { token, relay, command };
}

/** Takes an operator's word that a silent proxy is dead. Returns its host. */
export async function declareLost(deps: Pick<Deps, "database">, actor: Actor, proxy: string): Promise<string> {
	return deps.database.$transaction(async (tx) => {
		const { hostId } = await declareProxyLost(tx, proxy);
		const summary = `${actor.name} declared the proxy ${proxy} lost`;
		await recordAudit(tx, actor, { action: "host.declareLost", subjectKind: "proxy", subject: proxy, summary });
		await tellWebhooks(tx, hostEvent("dev.sluice.proxy.lost", proxy, { host: hostId, by: actor.name }));
		return hostId;
	});
}

/** Nothing new is placed there, also after restarts, and what runs there is asked to be placed elsewhere. */
export async function drainHost(deps: Pick<Deps, "database">, actor: Actor, host: string): Promise<void> {
	await deps.database.$transaction(async (tx) => {
		await lockPlacement(tx);
		const moved = await requestRepairs(tx, host, `host ${host} is drained by ${actor.name}`);
		allowed(whyNotDrain(await lockHost(tx, host)));
		await setHostState(tx, host, "draining");
		await audit(tx, actor, "host.drain", host, `${actor.name} drained the host ${host}`, { moved });
	});
}

export async function undrainHost(deps: Pick<Deps, "database">, actor: Actor, host: string): Promise<void> {
	await deps.database.$transaction(async (tx) => {
		allowed(whyNotUndrain(await lockHost(tx, host)));
		await setHostState(tx, host, "ready");
		await audit(tx, actor, "host.undrain", host, `${actor.name} let instances be placed on the host ${host} again`);
	});
}

/** What a lost host held, when forced, is asked to be placed elsewhere. */
export async function removeHostForGood(
	deps: Pick<Deps, "database">,
	actor: Actor,
	{ host, force }: { readonly host: string; readonly force: boolean },
): Promise<void> {
	await deps.database.$transaction(async (tx) => {
		await lockPlacement(tx);
		const moved = await requestRepairs(tx, host, `host ${host} was removed by ${actor.name}`);
		const facts = await lockHost(tx, host);
		allowed(whyNotRemove(facts, force));
		await removeHost(tx, host);
		const how = facts.instances > 0 ? `, with ${facts.instances} instances that nobody can ask` : "";
		await tellWebhooks(tx, hostEvent("dev.sluice.host.removed", host, { instances: facts.instances, by: actor.name }));
		await audit(tx, actor, "host.remove", host, `${actor.name} removed the host ${host}${how}`, { moved, force });
	});
}

/** Before the host's lock: identities are locked before hosts everywhere. Refused later, it leaves nothing. */
async function requestRepairs(tx: Tx, host: string, reason: string): Promise<string[]> {
	const identities = await identitiesOn(tx, host);
	for (const { service, environment } of identities) await requestRepair(tx, service, environment, reason);
	return identities.map(({ service, environment }) => `${service}/${environment}`);
}

function allowed(refusal: string | null): void {
	if (refusal !== null) throw new AppError("not-allowed-now", refusal);
}

function audit(
	tx: Tx,
	actor: Actor,
	action: string,
	host: string,
	summary: string,
	data: Readonly<Record<string, boolean | readonly string[]>> = {},
): Promise<void> {
	return recordAudit(tx, actor, { action, subjectKind: "host", subject: host, summary, data });
}
