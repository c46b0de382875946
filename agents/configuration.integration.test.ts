import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import Docker from "dockerode";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { ensureBaseImage } from "@/adapters/builder/base-image";
import { createLog } from "@/adapters/log/log";
import { pushImage } from "@/adapters/registry/push";
import { AppError } from "@/domain/errors";
import type { DesiredInstance, HostConfig, InstanceValues } from "@/domain/host/model";
import { networkName } from "@/domain/names";
import { scratchRegistry } from "@/platform/testing/scratch-registry";
import { Converger } from "./converger";
import { Names } from "./names";
import { SecretFiles } from "./secret-files";

const dockerHost = process.env.DOCKER_HOST ?? "unix:///var/run/docker.sock";
const engine = new Docker({ socketPath: dockerHost.slice("unix://".length) });
const installation = `c${process.pid}`;
const values: InstanceValues = {
	variables: { API_KEY: "planted-variable" },
	files: { "/run/secrets/tls.key": "planted\nfile\n", "/run/secrets/other": "" },
};
const log = { ...createLog("agent"), debug() {}, info() {}, warn() {}, error() {} };
const waitMs = { timeout: 30_000, interval: 100 };

let registry: Awaited<ReturnType<typeof scratchRegistry>>;
let image: string;
let folder: string;
let converger: Converger;
let isRelayAway: boolean;
let asked: string[];

beforeAll(async () => {
	registry = await scratchRegistry();
	const { reference } = await ensureBaseImage({ dockerHost });
	image = await pushImage(engine, registry.address, reference, "configured", () => {});
}, 300_000);
afterAll(async () => {
	await engine
		.getImage(`${registry.address}/${image}`)
		.remove({ force: true })
		.catch(() => undefined);
	await registry.close();
});

const secretFiles = () => new SecretFiles(`${folder}/secrets`);
const stopTmpfs = () =>
	existsSync(`${folder}/secrets`) && execFileSync("umount", ["--lazy", `${folder}/secrets`], { stdio: "ignore" });

beforeEach(() => {
	folder = mkdtempSync(`${tmpdir()}/sluice-configured-`);
	isRelayAway = false;
	asked = [];
	converger = begin();
});
afterEach(async () => {
	converger.apply({ installation, host: "h1", revision: 99, instances: [] });
	await vi.waitFor(async () => expect(await containers()).toEqual([]), waitMs);
	converger.stop();
	await engine.getNetwork(networkName(installation, "staging")).remove();
	const pidFile = `${folder}/names/staging/dnsmasq.pid`;
	if (existsSync(pidFile)) process.kill(Number(readFileSync(pidFile, "utf8")));
	stopTmpfs();
	rmSync(folder, { recursive: true, force: true });
});

function begin(): Converger {
	const host: HostConfig = {
		...{ installation, name: "h1", address: "127.0.0.1", roles: ["node"], relay: "https://127.0.0.1:1" },
		...{ dockerSocket: dockerHost.slice("unix://".length), gatewayPort: 1 },
		forwarderPort: Number(registry.address.split(":")[1]),
	};
	const relay = {
		async ask<T>({ path }: { path: string }) {
			asked.push(path);
			if (isRelayAway) throw new AppError("unavailable", "The relay at https://127.0.0.1:1 cannot be reached: gone.");
			return { body: values as T, etag: null };
		},
	};
	const names = new Names(`${folder}/names`, log);
	const logs = { see() {}, async finish() {} };
	const made = new Converger({ engine, host, names, relay, secretFiles: secretFiles(), logs, log, onChange: () => {} });
	made.start();
	return made;
}

function instance(id: string): DesiredInstance {
	return {
		...{ id, containerName: `sluice-${installation}-${id}`, service: "orders", environment: "staging", release: 1, image },
		command: ["node", "-e", "setInterval(() => {}, 1000); process.on('SIGTERM', () => process.exit())"],
		variables: { PLAIN: "said in the manifest" },
		configVersion: 1,
		references: {
			variables: { API_KEY: { source: "secret", name: "API_KEY" } },
			files: {
				"/run/secrets/tls.key": { source: "secret", name: "TLS_KEY" },
				"/run/secrets/other": { source: "config", name: "OTHER" },
			},
		},
		ports: [],
		limits: { memoryBytes: 128 * 1024 ** 2, cpus: 0.2 },
		network: networkName(installation, "staging"),
		stopGraceMs: 2_000,
	};
}

const containers = () => engine.listContainers({ all: true, filters: { label: [`dev.sluice.installation=${installation}`] } });
const report = (id: string) => converger.report().instances.find((one) => one.id === id);
const isRunning = (id: string) => vi.waitFor(() => expect(report(id)?.state).toBe("running"), waitMs);
const apply = (revision: number, ...ids: string[]) =>
	converger.apply({ installation, host: "h1", revision, instances: ids.map(instance) });

/** What a program in the container sees. */
async function seen(id: string): Promise<{ variables: Record<string, string>; file: string; mode: string }> {
	const script = `const fs = require("fs"); const file = "/run/secrets/tls.key";
		console.log(JSON.stringify({ variables: process.env, file: fs.readFileSync(file, "utf8"), mode: (fs.statSync(file).mode & 0o777).toString(8) }))`;
	const exec = await engine.getContainer(instance(id).containerName).exec({ Cmd: ["node", "-e", script], AttachStdout: true });
	const stream = await exec.start({});
	const parts: Buffer[] = [];
	for await (const part of stream as AsyncIterable<Buffer>) parts.push(part);
	return JSON.parse(Buffer.concat(parts).subarray(8).toString("utf8"));
}

test("without the relay an instance waits and says so; when it is back the instance starts with its values", async () => {
	isRelayAway = true;
	apply(1, "waits");
	await vi.waitFor(() => expect(report("waits")?.message).toMatch(/^waits for its configuration: The relay/), waitMs);
	expect(report("waits")?.state).toBe("starting");
	expect(await containers()).toEqual([]);

	isRelayAway = false;
	await isRunning("waits");
	expect(report("waits")?.message).toBeNull();
	const { variables, file, mode } = await seen("waits");
	expect(variables).toMatchObject({ API_KEY: "planted-variable", PLAIN: "said in the manifest" });
	expect([file, mode]).toEqual(["planted\nfile\n", "400"]);
	expect(asked.at(-1)).toBe("/v1/config?instance=waits");
});

test("values are on a tmpfs that only root enters, and leave it with their instance", async () => {
	apply(1, "leaves");
	await isRunning("leaves");
	expect(statfsSync(`${folder}/secrets`).type).toBe(0x01021994);
	expect(statSync(`${folder}/secrets`).mode & 0o777).toBe(0o700);
	expect(readdirSync(`${folder}/secrets`)).toEqual(["leaves"]);
	apply(2);
	await vi.waitFor(() => expect(readdirSync(`${folder}/secrets`)).toEqual([]), waitMs);
});

test("after a reboot took the files they are fetched again, and the container that could not start is started", async () => {
	apply(1, "again");
	await isRunning("again");
	converger.stop();
	const container = engine.getContainer(instance("again").containerName);
	await container.kill({ signal: "SIGKILL" });
	stopTmpfs();
	await expect(container.start()).rejects.toThrow(/secrets/);

	isRelayAway = true;
	converger = begin();
	apply(1, "again");
	await vi.waitFor(() => expect(report("again")?.message).toContain("waits for its configuration"), waitMs);
	isRelayAway = false;
	await isRunning("again");
	expect((await seen("again")).file).toBe("planted\nfile\n");
});
