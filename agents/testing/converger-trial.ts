import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import Docker from "dockerode";
import { expect, vi } from "vitest";
import { ensureBaseImage } from "@/adapters/builder/base-image";
import { createLog } from "@/adapters/log/log";
import { pushImage } from "@/adapters/registry/push";
import type { DesiredDocument, DesiredInstance, HostConfig } from "@/domain/host/model";
import { networkName } from "@/domain/names";
import { scratchRegistry } from "@/platform/testing/scratch-registry";
import { Converger } from "../converger";
import { imageReference } from "../docker/containers";
import { Names } from "../names";
import { SecretFiles } from "../secret-files";

export type ConvergerTrial = Awaited<ReturnType<typeof openConvergerTrial>>;

/** For what containers need to come or go. */
export const waitMs = { timeout: 30_000, interval: 100 };

/** What an instance of the trial is made of: a Node program, as `node -e` takes it. */
export interface TrialInstance extends Pick<DesiredInstance, "ports" | "volumes"> {
	readonly id: string;
	readonly program: string;
}

/** A host's converger on this machine's engine, alone: no relay answers and no log is kept. It runs instances of one service. */
export async function openConvergerTrial(service: string) {
	const dockerHost = process.env.DOCKER_HOST ?? "unix:///var/run/docker.sock";
	const dockerSocket = dockerHost.slice("unix://".length);
	const engine = new Docker({ socketPath: dockerSocket });
	const installation = `${service.charAt(0)}${process.pid}`;
	const folder = mkdtempSync(`${tmpdir()}/sluice-${service}-`);
	const log = { ...createLog("agent"), debug() {}, info() {}, warn() {}, error() {} };
	const registry = await scratchRegistry();
	const { reference } = await ensureBaseImage({ dockerHost });
	const image = await pushImage(engine, registry.address, reference, service, () => {});
	const host: HostConfig = {
		...{ installation, name: "h1", address: "127.0.0.1", roles: ["node"], relay: "https://127.0.0.1:1" },
		...{ dockerSocket, gatewayPort: 1, forwarderPort: Number(registry.address.split(":")[1]) },
	};
	const converger = new Converger({
		...{ engine, host, log, names: new Names(`${folder}/names`, log), secretFiles: new SecretFiles(`${folder}/secrets`) },
		relay: { ask: async () => null },
		logs: { see() {}, async finish() {} },
		onChange: () => {},
	});
	converger.start();

	const network = networkName(installation, "staging");
	const filters = { label: [`dev.sluice.installation=${installation}`] };
	const apply = (
		revision: number,
		instances: readonly DesiredInstance[],
		{ removedVolumes = [], images = [] }: Pick<DesiredDocument, "removedVolumes" | "images"> = {},
	) => converger.apply({ installation, host: "h1", revision, instances, removedVolumes, images });
	const containers = async () => (await engine.listContainers({ all: true, filters })).map(({ Names: names }) => names[0]);
	const volumes = async () => ((await engine.listVolumes({ filters })).Volumes ?? []).map(({ Name: name }) => name);
	return {
		engine,
		installation,
		image,
		/** As the engine names it. */
		imageReference: imageReference(host, image),
		apply,
		report: () => converger.report(),
		containers,
		volumes,
		instance: ({ id, program, ...own }: TrialInstance): DesiredInstance => ({
			...{ id, containerName: `sluice-${installation}-${id}`, service, environment: "staging", release: 1, image },
			command: ["node", "-e", `${program}; process.on("SIGTERM", () => process.exit())`],
			...{ variables: {}, configVersion: 0, limits: { memoryBytes: 128 * 1024 ** 2, cpus: 0.3 } },
			...{ network, stopGraceMs: 2_000, ...own },
		}),
		async close(removedVolumes: readonly string[] = []) {
			apply(99, [], { removedVolumes });
			await vi.waitFor(async () => expect(await containers()).toEqual([]), waitMs);
			await vi.waitFor(async () => expect(await volumes()).toEqual([]), waitMs);
			converger.stop();
			// There is none where no instance ever ran.
			for (const { Id: id } of await engine.listNetworks({ filters: { name: [network] } })) await engine.getNetwork(id).remove();
			const pidFile = `${folder}/names/staging/dnsmasq.pid`;
			if (existsSync(pidFile)) process.kill(Number(readFileSync(pidFile, "utf8")));
			rmSync(folder, { recursive: true, force: true });
			await engine
				.getImage(`${registry.address}/${image}`)
				.remove({ force: true })
				.catch(() => undefined);
			await registry.close();
		},
	};
}
