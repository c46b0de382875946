import { hostname } from "node:os";
import { createAskMoon } from "./moon.ts";
import { createQuotesServer } from "./server.ts";
import { createSpans } from "./spans.ts";

const log = (fields: Record<string, unknown>): void => {
	process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), level: "info", ...fields })}\n`);
};

const { env } = process;
const port = Number(env.PORT || "8080");
const version = env.VERSION || "dev";
const instance = hostname();
const service = env.OTEL_SERVICE_NAME || "quotes";
const spans = createSpans(env.OTEL_EXPORTER_OTLP_ENDPOINT, { service, version, instance }, log);
const askMoon = createAskMoon(env.ALMANAC_URL, spans);
const server = createQuotesServer({ version, instance, now: () => new Date(), log, spans, askMoon });

/**
 * Sluice takes an instance out of the traffic and waits for its requests before it sends SIGTERM. What is still open
 * then (a direct client) is finished here: no new connections, idle ones closed, and the process ends with the last.
 */
let isStopping = false;
function stop(signal: string): void {
	if (isStopping) return;
	isStopping = true;
	log({ message: "stopping", signal });
	server.close(async () => {
		await spans.close();
		log({ message: "stopped" });
		process.exit(0);
	});
}

process.on("SIGTERM", stop);
process.on("SIGINT", stop);
server.listen(port, "0.0.0.0", () => log({ message: "listening", port }));
