import { get } from "node:http";
import { text } from "node:stream/consumers";
import Docker from "dockerode";
import { ensureBaseImage } from "@/adapters/builder/base-image";
import { pushImage } from "@/adapters/registry/push";
import type { LoadPlan } from "@/bench/load/model";
import { buildBenchImage } from "@/bench/support/image";
import { mixedLoad, startLoad } from "@/bench/support/load";
import { gatewayHosts } from "@/domain/names";
import { endedStates } from "@/domain/rollout/model";
import type { RolloutPage } from "@/server/views";
import { api } from "./api";
import { domain, gatewayPort, registryAddress } from "./installation";

const environment = "staging";

export interface ManifestWishes {
	/** What runs instead of the image's own program. */
	readonly command?: readonly string[];
	/** Where the instance is said to listen; the program listens on 8080 whatever this says. */
	readonly targetPort?: number;
	readonly healthySeconds?: number;
	readonly variables?: Readonly<Record<string, string>>;
	/** More of the environment's settings, in YAML's flow style: `strategy: {...}`. */
	readonly environment?: string;
	/** More of the Delivery document, a line each. */
	readonly delivery?: readonly string[];
	/** What an instance asks for, as in a manifest. */
	readonly memory?: string;
}

/** The service that the bench releases, under a name of its own: it exits at once on SIGTERM, so what is lost is the platform's. */
export class BenchService {
	/** Asked for once: it is still there when the portal is not. */
	#gateway: string | undefined;

	private constructor(
		readonly name: string,
		private readonly images: readonly string[],
	) {}

	/** Under a name of its own, so that what an earlier run left disturbs nobody. */
	static async make(prefix: string): Promise<BenchService> {
		const name = `${prefix}-${Date.now().toString(36)}`;
		const docker = new Docker();
		const base = await ensureBaseImage({ dockerHost: "unix:///var/run/docker.sock", onProgress: () => {} });
		const images: string[] = [];
		for (const release of ["a", "b"]) {
			const tag = `sluice-${name}:${release}`;
			await buildBenchImage(docker, base.reference, tag, release);
			images.push(await pushImage(docker, registryAddress(), tag, name, () => {}));
			await docker.getImage(tag).remove();
		}
		return new BenchService(name, images);
	}

	/** Starts the rollout of one of the two images and returns its number. */
	async deploy(image: 0 | 1, wishes: ManifestWishes = {}): Promise<number> {
		const manifest = manifestOf(this.name, wishes);
		const wish = { manifest, file: "sluice.yaml", image: this.images[image] ?? "", environment };
		return (await api().rollout.deploy.mutate(wish)).number;
	}

	rollout(number: number): Promise<RolloutPage> {
		return api().rollout.get.query({ service: this.name, environment, number });
	}

	async abort(number: number): Promise<void> {
		await api().rollout.abort.mutate({ service: this.name, environment, number, reason: "by the test" });
	}

	/** Reads the rollout until `is` holds. Throws with its last events when it does not within `timeoutMs`. */
	async until(number: number, what: string, is: (page: RolloutPage) => boolean, timeoutMs = 120_000): Promise<RolloutPage> {
		const endsAt = Date.now() + timeoutMs;
		for (;;) {
			const page = await this.rollout(number);
			if (is(page)) return page;
			if (Date.now() > endsAt || endedStates.includes(page.state)) {
				const told = page.events.slice(0, 12).map((event) => event.message);
				throw new Error(`${what} did not come; rollout ${number} is ${page.state} (${page.reason}):\n${told.join("\n")}`);
			}
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
	}

	async ended(number: number, timeoutMs = 180_000): Promise<RolloutPage> {
		return this.until(number, "the end", (page) => endedStates.includes(page.state), timeoutMs);
	}

	/** Where clients from outside reach it. */
	async target(): Promise<{ address: string; port: number; host: string }> {
		this.#gateway ??= (await api().host.list.query()).find(({ roles }) => roles.includes("gateway"))?.address;
		if (!this.#gateway) throw new Error("No host is a gateway.");
		const [host = ""] = gatewayHosts(this.name, { name: environment, primary: false }, domain());
		return { address: this.#gateway, port: gatewayPort(), host };
	}

	/** What it answers to one request through the gateway. */
	async ask(path = "/"): Promise<string> {
		const { address, port, host } = await this.target();
		return new Promise((resolve, reject) => {
			get({ host: address, port, path, headers: { host }, timeout: 10_000 }, (answer) => {
				text(answer).then((body) => resolve(body.trim()), reject);
			}).on("error", reject);
		});
	}

	/** Clients of every kind through the gateway for `durationMs`; how it went comes when the last has ended. */
	async load(durationMs: number, wishes: Partial<Pick<LoadPlan, "longMs" | "streamMs">> = {}) {
		const plan = mixedLoad(await this.target(), durationMs);
		return startLoad({
			...plan,
			rates: { keepAlive: 100, newConnection: 30, long: 1, stream: 1 },
			streamMs: { least: 1_000, most: 8_000 },
			...wishes,
		});
	}
}

function manifestOf(name: string, wishes: ManifestWishes): string {
	const {
		command,
		targetPort = 8080,
		healthySeconds = 60,
		memory = "128Mi",
		variables = {},
		environment: more,
		delivery = [],
	} = wishes;
	return `apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: ${name}, description: The bench's service}
spec: {type: service, lifecycle: experimental, owner: sluice}
---
apiVersion: score.dev/v1b1
metadata: {name: ${name}}
containers:
  main:
    image: .
    ${command ? `command: ${JSON.stringify(command)}` : ""}
    resources: {limits: {memory: ${memory}, cpu: 200m}}
    readinessProbe: {httpGet: {path: /healthz, port: ${targetPort}}}
service:
  ports:
    http: {port: 8080, targetPort: ${targetPort}}
---
apiVersion: sluice.dev/v1
kind: Delivery
metadata: {name: ${name}}
environments:
  ${environment}: {instances: 2, variables: ${JSON.stringify(variables)}${more ? `, ${more}` : ""}}
${delivery.join("\n")}
deadlines: {healthy: ${healthySeconds}s}
`;
}
