import type Docker from "dockerode";
import type { Log } from "@/adapters/log/log";
import { messageOf } from "@/domain/errors";
import { type ConvergeAction, isOwn, plan } from "@/domain/host/converge";
import type { DesiredDocument, DesiredInstance, HostConfig, ImageReport, InstanceReport } from "@/domain/host/model";
import { capacityOf } from "./docker/capacity";
import { type InspectedContainer, listContainers } from "./docker/containers";
import { followEvents } from "./docker/events";
import { ensureNetwork } from "./docker/network";
import { listVolumes, removeVolume } from "./docker/volumes";
import { Images } from "./images";
import { Instance } from "./instance";
import type { LogShipper } from "./logs/shipper";
import type { Names } from "./names";
import type { RelayClient } from "./relay/client";
import type { SecretFiles } from "./secret-files";

/** Events tell most things at once; this look finds what they did not. */
const fullLookMs = 5_000;

export interface ConvergerOptions {
	readonly engine: Docker;
	readonly host: HostConfig;
	readonly names: Names;
	readonly relay: Pick<RelayClient, "ask">;
	readonly secretFiles: SecretFiles;
	readonly logs: Pick<LogShipper, "see" | "finish">;
	readonly log: Log;
	readonly onChange: () => void;
}

export interface HostState {
	readonly desiredRevision: number;
	readonly converged: boolean;
	readonly instances: readonly InstanceReport[];
	/** Left out until they were looked for. */
	readonly volumes?: readonly string[];
	readonly images: readonly ImageReport[];
	readonly capacity: { readonly memoryBytes: number; readonly cpus: number };
	readonly problem: string | null;
}

/** Makes the engine's containers what the desired document says, for ever; the only writer of them on this host. */
export class Converger {
	readonly #instances = new Map<string, Instance>();
	readonly #images: Images;
	#desired: DesiredDocument | null = null;
	#volumes: readonly string[] | null = null;
	#capacity = { memoryBytes: 0, cpus: 0 };
	#problem: string | null = "The Docker Engine has not answered yet.";
	#isConverged = false;
	#isLooking = false;
	#isAsked = false;
	#stopEvents: (() => void) | null = null;
	#timer: NodeJS.Timeout | null = null;

	constructor(private readonly options: ConvergerOptions) {
		this.#images = new Images(options.engine, options.host, options.onChange);
	}

	start(): void {
		const { engine, host } = this.options;
		this.#stopEvents = followEvents(engine, host.installation, () => this.look());
		this.#timer = setInterval(() => this.look(), fullLookMs);
		this.look();
	}

	/** The caller has kept it on disk and checked that it is not older. */
	apply(desired: DesiredDocument): void {
		this.#desired = desired;
		this.#isConverged = false;
		this.look();
	}

	/** Looks at the engine and begins what is missing; one look at a time, and one more when asked meanwhile. */
	look(): void {
		if (this.#isLooking) {
			this.#isAsked = true;
			return;
		}
		this.#isLooking = true;
		void this.#converge().finally(() => {
			this.#isLooking = false;
			if (!this.#isAsked) return;
			this.#isAsked = false;
			this.look();
		});
	}

	async #converge(): Promise<void> {
		const { engine, host, log, onChange } = this.options;
		try {
			const containers = await listContainers(engine, host.installation);
			if (this.#problem !== null) this.#capacity = await capacityOf(engine);
			this.#problem = null;
			const own = containers.filter((container) => isOwn(container, host.installation));
			this.options.logs.see(own);
			for (const container of own) this.#instance(container.instance ?? "");
			const desired = this.#desired;
			// Never told what to run: leave what runs alone.
			const actions = desired ? [...plan(host.installation, desired.instances, containers), ...this.#restorations(own)] : [];
			await this.#serveNames(desired?.instances ?? []);
			for (const instance of desired?.instances ?? []) this.#instance(instance.id);
			for (const [id, instance] of this.#instances) {
				const ports = desired?.instances.find((one) => one.id === id)?.ports ?? [];
				await instance.see(
					own.find((container) => container.instance === id) ?? null,
					ports.map(({ containerPort }) => containerPort),
				);
			}
			for (const action of actions) {
				this.#instance(action.kind === "remove" ? action.instanceId : action.instance.id).begin(action);
			}
			const known = new Set([...own.map((container) => container.instance), ...(desired?.instances ?? []).map(({ id }) => id)]);
			this.#forget(known);
			if (desired) this.options.secretFiles.keepOnly(known);
			this.#images.look(desired?.images ?? []);
			this.#volumes = await this.#tidyVolumes(desired?.removedVolumes ?? []);
			this.#isConverged =
				desired !== null && actions.length === 0 && this.report().instances.every(({ state }) => state === "running");
		} catch (error) {
			this.#isConverged = false;
			this.#problem = `The Docker Engine at ${host.dockerSocket} does not answer: ${messageOf(error)}`;
			log.warn({ error: messageOf(error) }, "the engine does not answer");
		}
		onChange();
	}

	/** From the first look on: after a reboot no container is created that would ask for it, and Docker starts them all. */
	async #serveNames(instances: readonly DesiredInstance[]): Promise<void> {
		const { engine, host, names, log } = this.options;
		for (const [environment, network] of new Map(instances.map((one) => [one.environment, one.network]))) {
			try {
				names.serve(environment, await ensureNetwork(engine, host.installation, network, environment));
			} catch (error) {
				log.warn({ environment, error: messageOf(error) }, "the environment's names cannot be served; trying again");
			}
		}
	}

	/** Those that a person removed go; no other ever does. Returns what is left. */
	async #tidyVolumes(removed: readonly string[]): Promise<string[]> {
		const { engine, host } = this.options;
		const there = await listVolumes(engine, host.installation);
		const leaving = there.filter((name) => removed.includes(name));
		for (const name of leaving) await removeVolume(engine, name);
		return leaving.length === 0 ? there : listVolumes(engine, host.installation);
	}

	/** Containers whose files a reboot took: they are written again, and the container started if the engine could not. */
	#restorations(own: readonly InspectedContainer[]): ConvergeAction[] {
		const { secretFiles } = this.options;
		return (this.#desired?.instances ?? []).flatMap((instance): ConvergeAction[] => {
			const container = own.find((one) => one.instance === instance.id && one.state !== "created");
			if (!container || secretFiles.isComplete(instance)) return [];
			return [{ kind: "start", instance, containerId: container.containerId }];
		});
	}

	#instance(id: string): Instance {
		const known = this.#instances.get(id);
		if (known) return known;
		const { engine, host, names, relay, secretFiles, logs } = this.options;
		const made = new Instance(id, { engine, host, names, relay, secretFiles, logs, onChange: () => this.look() });
		this.#instances.set(id, made);
		return made;
	}

	#forget(known: ReadonlySet<string | null>): void {
		for (const [id, instance] of this.#instances) {
			if (!known.has(id) && !instance.isBusy) this.#instances.delete(id);
		}
	}

	report(): HostState {
		return {
			desiredRevision: this.#desired?.revision ?? 0,
			converged: this.#isConverged,
			instances: [...this.#instances.values()].map((instance) => instance.report()),
			...(this.#volumes === null ? {} : { volumes: this.#volumes }),
			images: this.#images.report(),
			capacity: this.#capacity,
			problem: this.#problem,
		};
	}

	stop(): void {
		this.#stopEvents?.();
		if (this.#timer) clearInterval(this.#timer);
	}
}
