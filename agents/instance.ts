import type Docker from "dockerode";
import { messageOf } from "@/domain/errors";
import type { ConvergeAction } from "@/domain/host/converge";
import { notListeningSentence } from "@/domain/host/listening";
import type { DesiredInstance, HostConfig, InstanceReport, InstanceState } from "@/domain/host/model";
import { ConfigurationAway, fetchValues } from "./configuration";
import {
	createContainer,
	type InspectedContainer,
	imageReference,
	imageUser,
	lastLines,
	removeContainer,
	startContainer,
} from "./docker/containers";
import { readListening } from "./docker/listening";
import { ensureNetwork } from "./docker/network";
import { ensureImage } from "./docker/pull";
import type { LogShipper } from "./logs/shipper";
import type { Names } from "./names";
import type { RelayClient } from "./relay/client";
import type { SecretFiles } from "./secret-files";

/** Docker restarts at once, then ever later: so often without a rest means that it will not run by itself. */
const restartsToFail = 3;
const firstRetryMs = 1_000;
const slowestRetryMs = 30_000;
/** A program that has just begun listens nowhere yet. */
const settleMs = 3_000;
/** Only the relay has to come back. */
const slowestWaitMs = 5_000;

export interface InstanceDeps {
	readonly engine: Docker;
	readonly host: HostConfig;
	readonly names: Names;
	readonly relay: Pick<RelayClient, "ask">;
	readonly secretFiles: SecretFiles;
	readonly logs: Pick<LogShipper, "finish">;
	/** Something worth a report or another look happened. */
	readonly onChange: () => void;
}

/** One instance on this host: does one thing at a time, and remembers what Docker does not. */
export class Instance {
	#busy: "pulling" | "starting" | "stopping" | null = null;
	#problem: string | null = null;
	/** The problem is only that its configuration is away. */
	#isWaiting = false;
	#failures = 0;
	#retryAt = 0;
	#container: InspectedContainer | null = null;
	#crashOutput: string | null = null;
	/** It runs, and not where its manifest says. */
	#notListening: string | null = null;
	/** Between two crashes the container runs, and Docker has no exit code. */
	#lastExitCode: number | null = null;

	constructor(
		readonly id: string,
		private readonly deps: InstanceDeps,
	) {}

	get isBusy(): boolean {
		return this.#busy !== null;
	}

	/** What a look at the engine found; null = no container. `ports` are those that its manifest names. */
	async see(container: InspectedContainer | null, ports: readonly number[]): Promise<void> {
		this.#container = container;
		this.#notListening = await this.#whyNotReached(container, ports);
		this.#lastExitCode = container?.exitCode ?? this.#lastExitCode;
		const isCrashing = container !== null && container.restarts >= restartsToFail && container.state !== "exited";
		const isFailed = isCrashing || (container?.state === "exited" && this.#busy === null);
		if (!isFailed || container === null) {
			if (container?.state === "running") this.#crashOutput = null;
			return;
		}
		this.#crashOutput ??= await this.#describe(container);
	}

	/** Proxies say only that it is not healthy: where it listens instead is known here. */
	async #whyNotReached(container: InspectedContainer | null, ports: readonly number[]): Promise<string | null> {
		if (container?.state !== "running" || Date.now() - container.startedAt < settleMs) return null;
		const found = await readListening(container.pid);
		return found && notListeningSentence(ports, found);
	}

	async #describe(container: InspectedContainer): Promise<string> {
		const output = await lastLines(this.deps.engine, container.containerId).catch(() => "");
		const how = `it exits with code ${this.#lastExitCode ?? "unknown"}${container.restarts > 0 ? `, ${container.restarts} restarts` : ""}`;
		return output === "" ? `${how}, without output` : `${how}:\n${output}`;
	}

	/** Begins an action unless one is under way or a failed one rests; never throws. */
	begin(action: ConvergeAction): void {
		if (this.#busy !== null || Date.now() < this.#retryAt) return;
		this.#busy = action.kind === "remove" ? "stopping" : action.kind === "create" ? "pulling" : "starting";
		this.#act(action)
			.then(
				() => {
					this.#problem = null;
					this.#isWaiting = false;
					this.#failures = 0;
				},
				(error: unknown) => {
					this.#problem = messageOf(error);
					this.#isWaiting = error instanceof ConfigurationAway;
					const slowest = this.#isWaiting ? slowestWaitMs : slowestRetryMs;
					this.#retryAt = Date.now() + Math.min(slowest, firstRetryMs * 2 ** this.#failures);
					this.#failures += 1;
				},
			)
			.finally(() => {
				this.#busy = null;
				this.deps.onChange();
			});
		this.deps.onChange();
	}

	async #act(action: ConvergeAction): Promise<void> {
		const { engine, logs } = this.deps;
		switch (action.kind) {
			case "create": {
				const containerId = await this.#create(action.instance);
				this.#busy = "starting";
				this.deps.onChange();
				return startContainer(engine, containerId);
			}
			case "start":
				await this.#restoreFiles(action.instance);
				return startContainer(engine, action.containerId);
			case "remove":
				// What it said last would go with it.
				return removeContainer(engine, action.containerId, action.stopGraceMs, () => logs.finish(action.containerId));
		}
	}

	async #create(instance: DesiredInstance): Promise<string> {
		const { engine, host, names, relay, secretFiles } = this.deps;
		const image = imageReference(host, instance.image);
		await ensureImage(engine, image);
		const gateway = await ensureNetwork(engine, host.installation, instance.network, instance.environment);
		names.serve(instance.environment, gateway);
		const values = await fetchValues(relay, instance);
		await secretFiles.write(instance, values, await imageUser(engine, image));
		const { variables } = values;
		return createContainer(engine, host, instance, { dns: gateway, variables, files: secretFiles.mountsOf(instance) });
	}

	/** A reboot took them: the container cannot start before they are back. */
	async #restoreFiles(instance: DesiredInstance): Promise<void> {
		const { engine, host, relay, secretFiles } = this.deps;
		if (secretFiles.isComplete(instance)) return;
		const values = await fetchValues(relay, instance);
		await secretFiles.write(instance, values, await imageUser(engine, imageReference(host, instance.image)));
	}

	report(): InstanceReport {
		const container = this.#container;
		const crash = this.#crashOutput;
		return {
			id: this.id,
			state: this.#state(),
			containerId: container?.containerId ?? null,
			exitCode: container?.exitCode ?? null,
			restarts: container?.restarts ?? 0,
			message: this.#problem ?? crash ?? this.#notListening,
		};
	}

	#state(): InstanceState {
		if (this.#busy === "stopping") return "stopping";
		// A failed try stays failed while the next one is under way: "pulling" again would hide it.
		if (this.#isWaiting) return "starting";
		if (this.#problem !== null || this.#crashOutput !== null) return "failed";
		if (this.#busy !== null) return this.#busy;
		switch (this.#container?.state) {
			case "running":
				return "running";
			case "restarting":
			case "created":
				return "starting";
			case undefined:
				return "pulling";
			case "exited":
			case "other":
				return "exited";
		}
	}
}
