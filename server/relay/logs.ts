import { z } from "zod";
import { AppError, messageOf } from "@/domain/errors";
import { isContainerId, isInstanceId, isLineTime, lineLimitBytes } from "@/domain/instance-log/model";
import type { LogBatch } from "@/domain/relay/protocol";
import { readBody } from "@/server/relay/body";
import type { HostRequest, RelayContext } from "@/server/relay/context";
import { instancesOfHost } from "@/server/store/logged-instance";

const schema: z.ZodType<LogBatch> = z.object({
	logs: z
		.array(
			z.object({
				instance: z.string().refine(isInstanceId, "no instance"),
				container: z.string().refine(isContainerId, "no container"),
				lines: z
					.array(
						z.object({
							time: z.string().refine(isLineTime, "no time of a line"),
							number: z.number().int().min(1).max(999_999_999_999),
							stream: z.enum(["out", "err", "note"]),
							// What was cut says so behind it.
							text: z
								.string()
								.max(lineLimitBytes + 200)
								.refine((text) => !text.includes("\n"), "more than one line"),
						}),
					)
					.max(20_000),
			}),
		)
		.max(2_000),
});
/** An agent sends 512 kB of text; in JSON a control character takes six bytes. */
const bodyLimitBytes = 8 * 1024 * 1024;

const filesAtOnce = 16;

/** POST /v1/logs: of instances placed on this host only, and all of it or nothing. 204 = it is on the disk. */
export async function logs(context: RelayContext, { host, request, response }: HostRequest): Promise<void> {
	const body = await readBody(request, schema, bodyLimitBytes);
	const own = await instancesOfHost(
		context.database,
		host,
		body.logs.map(({ instance }) => instance),
	);
	const entries = body.logs.map((entry) => {
		const identity = own.get(entry.instance);
		if (!identity) throw new AppError("forbidden", `Host ${host} cannot tell logs of instance ${entry.instance}.`);
		return { ...entry, identity };
	});
	try {
		// Each waits for the disk: side by side they wait once.
		for (let at = 0; at < entries.length; at += filesAtOnce)
			await Promise.all(
				entries
					.slice(at, at + filesAtOnce)
					.map(({ identity, instance, container, lines }) => context.instanceLogs.append(identity, instance, container, lines)),
			);
	} catch (cause) {
		context.log.error({ host, problem: messageOf(cause) }, "logs cannot be written");
		throw new AppError("unavailable", "The control plane cannot write logs now (is its disk full?): keep them and try again.", {
			cause,
		});
	}
	response.writeHead(204).end();
}
