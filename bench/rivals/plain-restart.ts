import Docker from "dockerode";
import { portOf, socketDirectory } from "@/domain/installation";
import type { LoadVerdict } from "../load/model";
import { mixedLoad, startLoad } from "../support/load";
import type { Bench } from "../support/sluice";

const port = 19_990;
const durationMs = 20_000;
const restarts = 3;

/** What `docker stop` and `docker run` by hand cost, three times: the same service, the same load, straight to its published port. */
export async function plainRestart(bench: Bench, before: string, after: string): Promise<LoadVerdict> {
	const { address } = await bench.gateway();
	const docker = new Docker({ socketPath: `${socketDirectory(bench.installation.id, "h1")}/docker.sock` });
	const run = async (image: string) => {
		const container = await docker.createContainer({
			Image: `127.0.0.1:${portOf(bench.installation.portBase, "forwarder")}/${image}`,
			ExposedPorts: { "8080/tcp": {} },
			HostConfig: { PortBindings: { "8080/tcp": [{ HostIp: address, HostPort: String(port) }] }, AutoRemove: true },
		});
		await container.start();
		return container;
	};
	const isUp = async () => (await fetch(`http://${address}:${port}/healthz`).catch(() => null))?.ok ?? false;
	let current = await run(before);
	while (!(await isUp()));
	const load = await startLoad(mixedLoad({ address, port, host: `${address}:${port}` }, durationMs));
	for (let turn = 0; turn < restarts; turn++) {
		await new Promise((resolve) => setTimeout(resolve, durationMs / (restarts + 1)));
		await current.stop();
		current = await run(turn % 2 === 0 ? after : before);
	}
	const verdict = await load.verdict;
	await current.stop();
	return verdict;
}
