import { readAuthorityPin } from "@/adapters/ca/authority";
import { portOf } from "@/domain/installation";
import type { Actor } from "@/domain/roles";
import type { Deps } from "@/server/deps";
import { recordAudit } from "@/server/store/audit";
import { createJoinToken, type HostRole } from "@/server/store/join-token";
import { declareProxyLost } from "@/server/store/proxy";

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
	const relay = `https://<this machine>:${portOf(deps.env.installation.portBase, "relay")}`;
	const command = `sluice host join --relay ${relay} --name ${name} --address <its address> --token-file <file with the token>`;
	return { token, relay, command };
}

/** Takes an operator's word that a silent proxy is dead. Returns its host. */
export async function declareLost(deps: Pick<Deps, "database">, actor: Actor, proxy: string): Promise<string> {
	return deps.database.$transaction(async (tx) => {
		const { hostId } = await declareProxyLost(tx, proxy);
		const summary = `${actor.name} declared the proxy ${proxy} lost`;
		await recordAudit(tx, actor, { action: "host.declareLost", subjectKind: "proxy", subject: proxy, summary });
		return hostId;
	});
}
