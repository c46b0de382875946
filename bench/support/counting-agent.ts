/** Takes an Envoy's access log as the agent does, in a process of its own so that its cost can be read. Ends on SIGTERM. */
import { serveAds } from "@/agents/ads/server";
import { Tally } from "@/domain/analysis/tally";

const [socket = ""] = process.argv.slice(2);
const tally = new Tally(Math.random, Date.now());
let requests = 0;
const server = await serveAds(socket, {
	onStream: () => {},
	onRequests(_node, batch) {
		for (const request of batch) tally.add(request);
	},
});
const timer = setInterval(() => {
	for (const measurement of tally.takeFinished(Date.now())) requests += measurement.requests;
}, 1_000);
process.stdout.write("ready\n");
process.once("SIGTERM", () => {
	clearInterval(timer);
	for (const measurement of tally.takeFinished(Date.now() + 60_000)) requests += measurement.requests;
	const { user, system } = process.cpuUsage();
	process.stdout.write(`${JSON.stringify({ requests, cpuMs: (user + system) / 1000 })}\n`);
	server.stop();
});
