import { z } from "zod";
import { AppError } from "@/domain/errors";
import type { HostReport } from "@/domain/host/model";
import { readBody } from "@/server/relay/body";
import type { HostRequest, RelayContext } from "@/server/relay/context";
import { capacitySchema } from "@/server/relay/join";
import { databaseNow } from "@/server/store/clock";
import { recordReport } from "@/server/store/observation";

const name = z.string().min(1).max(80);
const sentence = z.string().max(8_192).nullable();
const count = z
	.number()
	.int()
	.min(0)
	.max(2 ** 31 - 1);
const schema: z.ZodType<HostReport> = z.object({
	bootId: name,
	desiredRevision: count,
	converged: z.boolean(),
	instances: z
		.array(
			z.object({
				id: name,
				state: z.enum(["pulling", "starting", "running", "exited", "stopping", "failed"]),
				containerId: z.string().max(128).nullable(),
				exitCode: z.number().int().nullable(),
				restarts: count,
				message: sentence,
			}),
		)
		.max(2_000),
	proxies: z
		.array(
			z.object({
				id: name,
				roles: z.array(z.enum(["gateway", "node"])),
				alive: z.boolean(),
				acks: z.array(
					z.object({
						service: name,
						environment: name,
						revision: count,
						verdict: z.enum(["ack", "nack"]),
						message: sentence,
					}),
				),
				endpoints: z.array(
					z.object({
						service: name,
						environment: name,
						release: count,
						instance: name,
						health: z.enum(["healthy", "unhealthy", "unknown"]),
						draining: z.boolean(),
						active: count,
						quietSamples: count,
					}),
				),
			}),
		)
		.max(8),
	volumes: z.array(z.string().max(255)).max(2_000).optional(),
	images: z
		.array(z.object({ image: z.string().max(512), problem: sentence }))
		.max(200)
		.optional(),
	capacity: capacitySchema,
	problem: sentence,
});
/** 10,000 endpoints on two proxies are about 4 MB. */
const bodyLimitBytes = 16 * 1024 * 1024;

/** Newest report under way of each host: a report that was overtaken while it waited is not written over a newer one. */
const queues = new Map<string, Promise<void>>();

/** POST /v1/report. A host's reports are written in the order they came; one whose sender gave up is dropped. */
export async function report(context: RelayContext, { host, request, response }: HostRequest): Promise<void> {
	const body = await readBody(request, schema, bodyLimitBytes);
	for (const proxy of body.proxies)
		if (!proxy.id.startsWith(`${host}/`)) throw new AppError("forbidden", `Host ${host} cannot report for proxy ${proxy.id}.`);
	const before = queues.get(host) ?? Promise.resolve();
	const mine = before.then(async () => {
		if (!response.destroyed) await write(context, host, body);
	});
	// The next report waits for this one, and does not fail with it.
	const settled = mine.catch(() => {});
	queues.set(host, settled);
	await mine.finally(() => {
		if (queues.get(host) === settled) queues.delete(host);
	});
	response.writeHead(204).end();
}

/** A rollout changes the same rows: Postgres ends one of two that wait for each other, and that one is simply done again. */
async function write(context: RelayContext, host: string, body: HostReport): Promise<void> {
	for (let attempt = 1; ; attempt += 1) {
		try {
			await context.database.$transaction(
				// Leases are compared with Postgres' clock: that of this machine may be another one's, and off.
				async (tx) => recordReport(tx, host, body, new Date(await databaseNow(tx))),
				{ timeout: 10_000 },
			);
			return;
		} catch (error) {
			if (attempt === 3 || !isDeadlock(error)) throw error;
		}
	}
}

function isDeadlock(error: unknown): boolean {
	return error instanceof Error && (/40P01|40001|deadlock/i.test(error.message) || ("code" in error && error.code === "P2034"));
}
