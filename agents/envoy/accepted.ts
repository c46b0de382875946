import { type ServiceTraffic, trafficKey } from "@/domain/traffic/model";
import { readDurable, writeDurably } from "../durable";

/**
 * The last traffic of each service that some Envoy of this host accepted whole. Of a service whose newest is refused it
 * is on disk, too: a restarted agent would otherwise know only what nobody takes.
 */
export class Accepted {
	readonly #all: Map<string, ServiceTraffic>;
	readonly #kept: Set<string>;

	constructor(private readonly file: string) {
		const kept = readDurable<ServiceTraffic[]>(file) ?? [];
		this.#all = new Map(kept.map((traffic) => [trafficKey(traffic), traffic]));
		this.#kept = new Set(this.#all.keys());
	}

	get(key: string): ServiceTraffic | null {
		return this.#all.get(key) ?? null;
	}

	set(traffic: ServiceTraffic): void {
		const key = trafficKey(traffic);
		this.#all.set(key, traffic);
		if (this.#kept.delete(key)) this.#write();
	}

	/** Its newest is refused: what was good before must outlive the agent. */
	keep(key: string): void {
		if (this.#kept.has(key) || !this.#all.has(key)) return;
		this.#kept.add(key);
		this.#write();
	}

	forget(key: string): void {
		this.#all.delete(key);
		if (this.#kept.delete(key)) this.#write();
	}

	#write(): void {
		const kept = [...this.#kept].flatMap((key) => this.#all.get(key) ?? []);
		writeDurably(this.file, JSON.stringify(kept));
	}
}
