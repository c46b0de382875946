import { hostname } from "node:os";
import { createQuotesServer } from "./server.ts";

const log = (fields: Record<string, unknown>): void => {
	process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...fields })}\n`);
};

const port = Number(process.env.PORT ?? "8080");
const server = createQuotesServer({
	version: process.env.VERSION ?? "dev",
	instance: hostname(),
	now: () => new Date(),
	log,
});

/**
 * Sluice takes an instance out of the traffic and waits for its requests before it sends SIGTERM. What is still open
 * then (a direct client) is finished here: no new connections, idle ones closed, and the process ends with the last.
 */
let isStopping = false;
function stop(signal: string): void {
	if (isStopping) return;
	isStopping = true;
	log({ message: "stopping", signal });
	server.close(() => {
		log({ message: "stopped" });
		process.exit(0);
	});
}

process.on("SIGTERM", stop);
process.on("SIGINT", stop);
server.listen(port, "0.0.0.0", () => log({ message: "listening", port }));
