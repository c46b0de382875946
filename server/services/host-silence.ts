import { systemActor } from "@/domain/roles";
import { hostEvent } from "@/domain/webhook/catalog-event";
import { recordAudit } from "@/server/store/audit";
import { type Database, notify, type Tx } from "@/server/store/client";
import { identitiesOn } from "@/server/store/host-life";
import { markHeardHosts, markSilentHosts } from "@/server/store/host-silence";
import { tellWebhooks } from "@/server/store/webhook-event";

/**
 * Tells webhooks, the audit trail and open pages of hosts that fell silent. The mark is in the transaction of what is
 * told, so each silence is told once, whoever looks and however often it starts again.
 */
export async function tellSilentHosts(database: Database): Promise<void> {
	await database.$transaction(async (tx) => {
		for (const { host, since } of await markSilentHosts(tx)) {
			const lastHeard = since.toISOString();
			await tellWebhooks(tx, hostEvent("dev.sluice.host.silent", host, { lastHeard }));
			await record(tx, "host.silent", host, `Host ${host} is silent: it was last heard at ${lastHeard}.`, { lastHeard });
		}
	});
}

/** The end of each silence that was told. */
export async function tellHeardHosts(database: Database): Promise<void> {
	await database.$transaction(async (tx) => {
		for (const { host, since, at } of await markHeardHosts(tx)) {
			const silentSeconds = Math.round((at.getTime() - since.getTime()) / 1000);
			const facts = { lastHeard: since.toISOString(), silentSeconds };
			await tellWebhooks(tx, hostEvent("dev.sluice.host.heard", host, facts));
			await record(tx, "host.heard", host, `Host ${host} is heard again, after ${silentSeconds} s of silence.`, facts);
		}
	});
}

async function record(tx: Tx, action: string, host: string, summary: string, data: Record<string, string | number>) {
	await recordAudit(tx, systemActor, { action, subjectKind: "host", subject: host, summary, data });
	await notify(tx, "host", host);
	// What stands there looks otherwise now: pages of services and the home are told, too.
	for (const { service, environment } of await identitiesOn(tx, host)) await notify(tx, "observed", `${service}/${environment}`);
}
