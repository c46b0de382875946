import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { readyProcesses } from "@/adapters/installation/ready";
import type { Log } from "@/adapters/log/log";
import { messageOf } from "@/domain/errors";
import type { RequestMetrics } from "@/server/relay/request-metrics";

/** Prometheus' door, on loopback: what hosts measured, and what our own processes use. Nothing in it is secret. */
export function serveMetrics(home: string, port: number, metrics: RequestMetrics, log: Log): Promise<Server | null> {
	const server = createServer((request, response) => {
		if (request.method !== "GET" || request.url !== "/metrics") {
			response.writeHead(404).end();
			return;
		}
		processMetrics(home)
			.then((processes) => {
				response.writeHead(200, { "content-type": "text/plain; version=0.0.4" }).end(metrics.text() + processes);
			})
			.catch((error: unknown) => {
				log.warn({ error: messageOf(error) }, "metrics cannot be read");
				response.writeHead(500).end();
			});
	});
	return new Promise((resolve) => {
		// Hosts matter more than charts: without this port the relay works on.
		server.once("error", (error) => {
			log.error({ error: messageOf(error), port }, "nothing can be measured by Prometheus: its port cannot be listened on");
			resolve(null);
		});
		server.listen({ host: "127.0.0.1", port }, () => resolve(server));
	});
}

/** Linux' own clock ticks, for every program. */
const ticksPerSecond = 100;
const pageBytes = 4096;

async function processMetrics(home: string): Promise<string> {
	const processes = await Promise.all(readyProcesses(home).map(usageOf));
	const known = processes.filter((usage) => usage !== null);
	return [
		"# HELP sluice_process_cpu_seconds_total Processor time of one of Sluice's own processes.",
		"# TYPE sluice_process_cpu_seconds_total counter",
		...known.map(({ component, cpuSeconds }) => `sluice_process_cpu_seconds_total{component="${component}"} ${cpuSeconds}`),
		"# HELP sluice_process_resident_memory_bytes Memory of one of Sluice's own processes.",
		"# TYPE sluice_process_resident_memory_bytes gauge",
		...known.map(({ component, bytes }) => `sluice_process_resident_memory_bytes{component="${component}"} ${bytes}`),
		"",
	].join("\n");
}

async function usageOf({ component, pid }: { component: string; pid: number }) {
	const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
	// The name in brackets may itself hold spaces and brackets; utime, stime and rss are fields 14, 15 and 24.
	const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
	if (!fields) return null;
	const cpuSeconds = (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
	return { component, cpuSeconds, bytes: Number(fields[21]) * pageBytes };
}
