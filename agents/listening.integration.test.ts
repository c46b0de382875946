import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import Docker from "dockerode";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { ensureBaseImage } from "@/adapters/builder/base-image";
import { createLog } from "@/adapters/log/log";
import { pushImage } from "@/adapters/registry/push";
import type { DesiredInstance, HostConfig } from "@/domain/host/model";
import { networkName } from "@/domain/names";
import { scratchRegistry } from "@/platform/testing/scratch-registry";
import { Converger } from "./converger";
import { Names } from "./names";
import { SecretFiles } from "./secret-files";

const dockerHost = process.env.DOCKER_HOST ?? "unix:///var/run/docker.sock";
const engine = new Docker({ socketPath: dockerHost.slice("unix://".length) });
const installation = `l${process.pid}`;
const log = { ...createLog("agent"), debug() {}, info() {}, warn() {}, error() {} };
const waitMs = { timeout: 30_000, interval: 100 };
const folder = mkdtempSync(`${tmpdir()}/sluice-listening-`);

let registry: Awaited<ReturnType<typeof scratchRegistry>>;
let image: string;
let converger: Converger;

beforeAll(async () => {
	registry = await scratchRegistry();
	const { reference } = await ensureBaseImage({ dockerHost });
	image = await pushImage(engine, registry.address, reference, "listener", () => {});
	const host: HostConfig = {
		...{ installation, name: "h1", address: "127.0.0.1", roles: ["node"], relay: "https://127.0.0.1:1" },
		...{ dockerSocket: dockerHost.slice("unix://".length), gatewayPort: 1 },
		forwarderPort: Number(registry.address.split(":")[1]),
	};
	converger = new Converger({
		...{ engine, host, log, names: new Names(`${folder}/names`, log), secretFiles: new SecretFiles(`${folder}/secrets`) },
		relay: { ask: async () => null },
		logs: { see() {}, async finish() {} },
		onChange: () => {},
	});
	converger.start();
}, 300_000);
afterAll(async () => {
	converger.apply({ installation, host: "h1", revision: 99, instances: [] });
	const filters = { label: [`dev.sluice.installation=${installation}`] };
	await vi.waitFor(async () => expect(await engine.listContainers({ all: true, filters })).toEqual([]), waitMs);
	converger.stop();
	await engine.getNetwork(networkName(installation, "staging")).remove();
	const pidFile = `${folder}/names/staging/dnsmasq.pid`;
	if (existsSync(pidFile)) process.kill(Number(readFileSync(pidFile, "utf8")));
	rmSync(folder, { recursive: true, force: true });
	await engine
		.getImage(`${registry.address}/${image}`)
		.remove({ force: true })
		.catch(() => undefined);
	await registry.close();
});

/** Its manifest says 8080 of all of them. */
function listener(id: string, hostPort: number, address: string): DesiredInstance {
	const script = `require("node:net").createServer().listen(${address}); process.on("SIGTERM", () => process.exit())`;
	return {
		...{ id, containerName: `sluice-${installation}-${id}`, service: "listener", environment: "staging", release: 1, image },
		command: ["node", "-e", script],
		...{ variables: {}, configVersion: 0, limits: { memoryBytes: 128 * 1024 ** 2, cpus: 0.3 } },
		ports: [{ name: "http", containerPort: 8080, hostPort }],
		...{ network: networkName(installation, "staging"), stopGraceMs: 2_000 },
	};
}

test("of a container that runs and listens elsewhere than its manifest says, the host tells where", async () => {
	const instances = [
		listener("right", 28_411, "8080"),
		listener("other", 28_412, "9898"),
		listener("loopback", 28_413, '8080, "127.0.0.1"'),
	];
	converger.apply({ installation, host: "h1", revision: 1, instances });
	const said = () => Object.fromEntries(converger.report().instances.map(({ id, state, message }) => [id, { state, message }]));
	await vi.waitFor(
		() =>
			expect(said()).toEqual({
				right: { state: "running", message: null },
				other: { state: "running", message: "it does not listen on TCP port 8080; it listens on 9898" },
				loopback: { state: "running", message: expect.stringContaining("of its own loopback address only") },
			}),
		waitMs,
	);
}, 60_000);
