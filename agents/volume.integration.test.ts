import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { text } from "node:stream/consumers";
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
const installation = `v${process.pid}`;
const volume = `sluice-${installation}-cache-staging-data-000001`;
const log = { ...createLog("agent"), debug() {}, info() {}, warn() {}, error() {} };
const waitMs = { timeout: 30_000, interval: 100 };
const folder = mkdtempSync(`${tmpdir()}/sluice-volume-`);

let registry: Awaited<ReturnType<typeof scratchRegistry>>;
let image: string;
let converger: Converger;

beforeAll(async () => {
	registry = await scratchRegistry();
	const { reference } = await ensureBaseImage({ dockerHost });
	image = await pushImage(engine, registry.address, reference, "cache", () => {});
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
	converger.apply({ installation, host: "h1", revision: 99, instances: [], removedVolumes: [volume] });
	await vi.waitFor(async () => expect(await containers()).toEqual([]), waitMs);
	await vi.waitFor(async () => expect(await volumes()).toEqual([]), waitMs);
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

function instance(id: string): DesiredInstance {
	return {
		...{ id, containerName: `sluice-${installation}-${id}`, service: "cache", environment: "staging", release: 1, image },
		command: ["node", "-e", "setInterval(() => {}, 1000); process.on('SIGTERM', () => process.exit())"],
		...{ variables: {}, configVersion: 0, ports: [], limits: { memoryBytes: 128 * 1024 ** 2, cpus: 0.2 } },
		volumes: [{ id: volume, name: "data", target: "/data", readOnly: false }],
		...{ network: networkName(installation, "staging"), stopGraceMs: 2_000 },
	};
}

const filters = { label: [`dev.sluice.installation=${installation}`] };
const containers = async () => (await engine.listContainers({ all: true, filters })).map(({ Names: names }) => names[0]);
const volumes = async () => ((await engine.listVolumes({ filters })).Volumes ?? []).map(({ Name: name }) => name);
const isRunning = (id: string) =>
	vi.waitFor(() => expect(converger.report().instances.find((one) => one.id === id)?.state).toBe("running"), waitMs);

async function run(id: string, script: string): Promise<string> {
	const exec = await engine
		.getContainer(instance(id).containerName)
		.exec({ Cmd: ["node", "-e", script], AttachStdout: true, Tty: true });
	return (await text(await exec.start({ Tty: true }))).trim();
}

test("what an instance writes into its volume is read by the next one, and goes when a person says so, not before", async () => {
	converger.apply({ installation, host: "h1", revision: 1, instances: [instance("one")] });
	await isRunning("one");
	await run("one", "require('fs').writeFileSync('/data/kept', 'from one')");
	expect(await volumes()).toEqual([volume]);

	// Both at once is what nobody should ask for: the second waits until the first is gone.
	converger.apply({ installation, host: "h1", revision: 2, instances: [instance("one"), instance("two")] });
	await vi.waitFor(() => expect(converger.report().volumes).toEqual([volume]), waitMs);
	expect(await containers()).toEqual([`/sluice-${installation}-one`]);

	converger.apply({ installation, host: "h1", revision: 3, instances: [instance("two")] });
	await isRunning("two");
	expect(await containers()).toEqual([`/sluice-${installation}-two`]);
	expect(await run("two", "console.log(require('fs').readFileSync('/data/kept', 'utf8'))")).toBe("from one");

	// Held, it stays, whatever the document says; nothing but that word ever removes it.
	converger.apply({ installation, host: "h1", revision: 4, instances: [instance("two")], removedVolumes: [volume] });
	await vi.waitFor(() => expect(converger.report().converged).toBe(true), waitMs);
	expect(await volumes()).toEqual([volume]);
	converger.apply({ installation, host: "h1", revision: 5, instances: [] });
	await vi.waitFor(async () => expect(await containers()).toEqual([]), waitMs);
	expect(await volumes()).toEqual([volume]);
	converger.apply({ installation, host: "h1", revision: 6, instances: [], removedVolumes: [volume] });
	await vi.waitFor(() => expect(converger.report().volumes).toEqual([]), waitMs);
	expect(await volumes()).toEqual([]);
}, 120_000);
