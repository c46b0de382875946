import type { IncomingMessage, ServerResponse } from "node:http";
import { isIPv4 } from "node:net";
import { z } from "zod";
import { signHostCertificate } from "@/adapters/ca/host-certificate";
import { AppError } from "@/domain/errors";
import { portOf } from "@/domain/installation";
import { isSlug } from "@/domain/names";
import { type JoinAnswer, parseJoinToken } from "@/domain/relay/protocol";
import { hostEvent } from "@/domain/webhook/catalog-event";
import { readBody, sendJson } from "@/server/relay/body";
import type { HostRequest, RelayContext } from "@/server/relay/context";
import { recordAudit } from "@/server/store/audit";
import { admitHost, offerRenewedCertificate } from "@/server/store/host";
import { redeemJoinToken } from "@/server/store/join-token";
import { tellWebhooks } from "@/server/store/webhook-event";

const csr = z.string().max(8_192);
export const capacitySchema = z.object({
	memoryBytes: z
		.number()
		.min(0)
		.max(2 ** 53 - 1),
	cpus: z.number().min(0).max(100_000),
});
const joinSchema = z.object({
	token: z.string().max(512),
	csr,
	name: z.string().refine(isSlug, "must be up to 40 small letters, digits and hyphens"),
	address: z.string().refine(isReachable, "must be an IPv4 address that other hosts reach, not loopback or 0.0.0.0"),
	capacity: capacitySchema,
});
const bodyLimitBytes = 16_384;

/** POST /v1/join: token, host and audit row in one transaction, so a crash leaves either all or an unused token. */
export async function join(context: RelayContext, request: IncomingMessage, response: ServerResponse): Promise<void> {
	const wish = await readBody(request, joinSchema, bodyLimitBytes);
	const token = parseJoinToken(wish.token);
	if (!token) throw new AppError("forbidden", "This is not a join token: paste it whole, as `sluice host token` printed it.");
	const answer = await context.database.$transaction(async (tx): Promise<JoinAnswer> => {
		const grant = await redeemJoinToken(tx, { id: token.id, secret: token.secret, host: wish.name });
		const signed = await signHostCertificate(context.authority, wish.csr, wish.name);
		await admitHost(tx, {
			id: wish.name,
			address: wish.address,
			roles: grant.roles,
			capacity: wish.capacity,
			certificateSerial: signed.serial,
		});
		await recordAudit(
			tx,
			{ kind: "token", id: token.id, name: grant.createdBy },
			{
				action: "host.join",
				subjectKind: "host",
				subject: wish.name,
				summary: `Host ${wish.name} joined at ${wish.address} with a token of ${grant.createdBy}.`,
				data: { address: wish.address, roles: grant.roles, certificateSerial: signed.serial },
			},
		);
		await tellWebhooks(tx, hostEvent("dev.sluice.host.joined", wish.name, { roles: grant.roles.join(","), by: grant.createdBy }));
		return {
			installation: context.installation,
			host: wish.name,
			roles: grant.roles,
			certificate: signed.certificate,
			ca: context.authority.pem,
			gatewayPort: portOf(context.portBase, "gateway"),
			forwarderPort: portOf(context.portBase, "forwarder"),
		};
	});
	context.log.info({ host: answer.host, address: wish.address }, "host joined");
	sendJson(response, 200, answer);
}

const renewSchema = z.object({ csr });

/** POST /v1/renew: the certificate in use stays good until the new one is first used. */
export async function renew(context: RelayContext, { host, serial, request, response }: HostRequest): Promise<void> {
	const wish = await readBody(request, renewSchema, bodyLimitBytes);
	const signed = await signHostCertificate(context.authority, wish.csr, host);
	if (!(await offerRenewedCertificate(context.database, host, serial, signed.serial)))
		throw new AppError("unauthenticated", `The certificate of host ${host} was replaced meanwhile: renew with the newer one.`);
	sendJson(response, 200, { certificate: signed.certificate });
}

function isReachable(address: string): boolean {
	return isIPv4(address) && !address.startsWith("127.") && !address.startsWith("0.");
}
