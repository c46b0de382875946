import { z } from "zod";
import { bucketMs, type Measurement } from "@/domain/analysis/measurement";
import { AppError } from "@/domain/errors";
import type { MeasurementReport } from "@/domain/relay/protocol";
import { readBody } from "@/server/relay/body";
import type { HostRequest, RelayContext } from "@/server/relay/context";
import { databaseNow } from "@/server/store/clock";
import { recordMeasurements } from "@/server/store/measurement";

const name = z.string().min(1).max(80);
const count = z
	.number()
	.int()
	.min(0)
	.max(2 ** 31 - 1);
const time = z.number().int().min(0).max(8.64e15);
const measurement: z.ZodType<Measurement> = z
	.object({
		service: name,
		environment: name,
		release: count,
		atMs: time.multipleOf(bucketMs),
		requests: count.min(1),
		failures: count,
		latenciesUs: z.array(count).min(1).max(200),
	})
	.refine(({ requests, failures, latenciesUs }) => failures <= requests && latenciesUs.length <= requests, {
		message: "more failures or durations than requests",
	});
const schema: z.ZodType<MeasurementReport> = z.object({
	nowMs: time,
	proxies: z.array(z.object({ proxy: name, measurements: z.array(measurement).max(1_000) })).max(8),
});
/** 500 buckets of 200 durations are about 1 MB. */
const bodyLimitBytes = 8 * 1024 * 1024;

/** POST /v1/measurements. Counted for Prometheus only once, however often a host has to send it. */
export async function measurements(context: RelayContext, { host, request, response }: HostRequest): Promise<void> {
	const body = await readBody(request, schema, bodyLimitBytes);
	for (const { proxy } of body.proxies)
		if (!proxy.startsWith(`${host}/`)) throw new AppError("forbidden", `Host ${host} cannot report for proxy ${proxy}.`);
	const recorded = await context.database.$transaction(async (tx) => {
		const offMs = clockOffset(body.nowMs, await databaseNow(tx));
		return recordMeasurements(tx, host, shifted(body.proxies, offMs));
	});
	for (const one of recorded) context.requestMetrics.add(one);
	response.writeHead(204).end();
}

/** By how much the host's clock is behind Postgres', in whole buckets: 0 for every host whose clock is kept right. */
function clockOffset(hostMs: number, databaseMs: number): number {
	return Math.round((databaseMs - hostMs) / bucketMs) * bucketMs;
}

function shifted(proxies: MeasurementReport["proxies"], offMs: number): MeasurementReport["proxies"] {
	if (offMs === 0) return proxies;
	return proxies.map(({ proxy, measurements: all }) => ({
		proxy,
		measurements: all.map((one) => ({ ...one, atMs: one.atMs + offMs })),
	}));
}
