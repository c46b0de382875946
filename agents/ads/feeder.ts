import type { Log } from "@/adapters/log/log";
import { gatewayResources, type Resource, resourcesOf } from "@/domain/envoy/resources";
import { gatewayName } from "@/domain/envoy/routes";
import { messageOf } from "@/domain/errors";
import type { HostConfig, TrafficAck } from "@/domain/host/model";
import { type ServiceTraffic, trafficKey } from "@/domain/traffic/model";
import type { Accepted } from "../envoy/accepted";
import type { Admin } from "../envoy/admin";
import { clusterNamesOf, isShown } from "../envoy/observe";
import type { Validator } from "../envoy/validator";
import { waitUntil } from "../envoy/wait-until";
import type { Answer, DeltaStream } from "./delta-stream";
import { type Encoded, encode } from "./resource-types";
import { transition } from "./transition";

export interface FeederOptions {
	readonly host: HostConfig;
	readonly proxy: string;
	readonly admin: Admin;
	readonly log: Log;
	readonly onChange: () => void;
	/** The last traffic of a service that some Envoy accepted whole; also from before a restart of the agent. */
	readonly accepted: Accepted;
	readonly validator: Pick<Validator, "verdictOf" | "settle">;
}

type Desired = ReadonlyMap<string, ServiceTraffic>;

const retryAfterMs = 1000;
const shownDeadlineMs = 60_000;
const kinds = ["cluster", "endpoints", "listener", "route"] as const;

/**
 * Keeps one Envoy at the desired traffic, one service at a time, so that a refusal has one culprit: that service goes
 * back to what was accepted before, the others go on. Only a service's own revision is acknowledged, and only when
 * Envoy accepted it, obeys its routes and shows its endpoints.
 */
export class Feeder {
	private readonly options: FeederOptions;
	/** null = not known yet: an Envoy that serves is left as it is, not emptied. */
	private desired: Desired | null = null;
	/** What this Envoy is served, service by service. */
	private readonly served = new Map<string, ServiceTraffic>();
	/** Revisions judged on this stream. */
	private readonly judged = new Map<string, number>();
	private readonly acks = new Map<string, TrafficAck>();
	private stream: DeltaStream | null = null;
	private isRunning = false;
	private isSynced = false;
	private retry: NodeJS.Timeout | null = null;

	constructor(options: FeederOptions) {
		this.options = options;
	}

	get services(): readonly ServiceTraffic[] {
		return [...this.served.values()];
	}

	get verdicts(): readonly TrafficAck[] {
		return [...this.acks.values()];
	}

	attach(stream: DeltaStream): void {
		this.stream?.end();
		this.stream = stream;
		this.isSynced = false;
		this.judged.clear();
		// It may be a new Envoy: what the last one acknowledged says nothing about this one.
		this.acks.clear();
		this.wake();
	}

	apply(desired: Desired): void {
		this.desired = desired;
		this.wake();
	}

	stop(): void {
		if (this.retry) clearTimeout(this.retry);
		this.stream?.end();
		this.stream = null;
	}

	/** Something may be fed now that could not before. */
	wake(): void {
		if (this.isRunning) return;
		this.isRunning = true;
		void this.run()
			.catch((error: unknown) => {
				this.options.log.error({ error: messageOf(error) }, "feeding Envoy failed");
				return "stuck" as const;
			})
			.then((end) => {
				this.isRunning = false;
				if (end === "stuck") this.retryLater();
				// Something may have come between its last look and now.
				else if (this.stream !== null && !this.stream.isEnded && this.next() !== null) this.wake();
			});
	}

	private retryLater(): void {
		if (this.retry) clearTimeout(this.retry);
		this.retry = setTimeout(() => this.wake(), retryAfterMs);
	}

	private async run(): Promise<"done" | "stuck"> {
		for (;;) {
			const { stream, desired } = this;
			if (stream === null || stream.isEnded || desired === null) return "done";
			if (!this.isSynced) {
				await this.synchronise(stream, desired);
				continue;
			}
			const key = this.next();
			if (key === null) return "done";
			if (!(await this.move(stream, key, desired.get(key) ?? null)) && this.stream === stream) return "stuck";
		}
	}

	/** The next service that is not what it should be; removals last. */
	private next(): string | null {
		if (this.desired === null) return null;
		if (!this.isSynced) return "";
		const isOpen = (key: string, traffic: ServiceTraffic) =>
			this.judged.get(key) !== traffic.revision && this.options.validator.verdictOf(traffic) !== null;
		for (const [key, traffic] of this.desired) if (isOpen(key, traffic)) return key;
		for (const key of this.served.keys()) if (!this.desired.has(key)) return key;
		return null;
	}

	/** A new stream: everything in one go, which is quick. When Envoy refuses a part, one by one, to find which. */
	private async synchronise(stream: DeltaStream, desired: Desired): Promise<void> {
		const { accepted, validator } = this.options;
		await validator.settle([...desired.values()]);
		if (this.stream !== stream || this.desired !== desired) return;
		const all = [...desired].flatMap(([key, traffic]) => {
			if (validator.verdictOf(traffic)?.verdict !== "nack") return [traffic];
			const good = accepted.get(key);
			return good ? [good] : [];
		});
		const answer = await this.tryAll(stream, all);
		if (this.stream !== stream || answer.verdict === "gone") return;
		this.served.clear();
		this.isSynced = true;
		if (answer.verdict === "ack") {
			for (const traffic of all) {
				if (desired.get(trafficKey(traffic)) === traffic) this.accept(stream, traffic);
				else this.served.set(trafficKey(traffic), traffic);
			}
			return;
		}
		this.options.log.warn({ proxy: this.options.proxy, answer }, "Envoy did not take everything at once: feeding one by one");
		// What was accepted before counts as served: a refused service goes back to it.
		for (const key of desired.keys()) {
			const good = accepted.get(key);
			if (good) this.served.set(key, good);
		}
		const gateway = gatewayResources(this.options.host, this.services).map(encode);
		const opened = await transition(stream, this.options.admin, { add: gateway, drop: [] });
		if (opened.verdict !== "ack")
			this.options.log.error({ proxy: this.options.proxy, answer: opened }, "the gateway does not listen");
	}

	private async tryAll(stream: DeltaStream, all: readonly ServiceTraffic[]): Promise<Answer> {
		try {
			const add = [
				...all.flatMap((traffic) => resourcesOf(traffic, this.options.host)),
				...gatewayResources(this.options.host, all),
			].map(encode);
			const wanted = new Set(add.map(idOf));
			const had = kinds.flatMap((kind) => [...stream.known(kind).keys()].map((name) => ({ kind, name })));
			return await transition(stream, this.options.admin, { add, drop: had.filter((it) => !wanted.has(idOf(it))) });
		} catch (error) {
			return { verdict: "nack", message: messageOf(error) };
		}
	}

	/** One service to its desired traffic, or away. false = Envoy did not answer; try again later. */
	private async move(stream: DeltaStream, key: string, traffic: ServiceTraffic | null): Promise<boolean> {
		const checked = traffic === null ? null : this.options.validator.verdictOf(traffic);
		if (traffic !== null && checked?.verdict === "nack") {
			this.refuse(traffic, checked.message);
			return true;
		}
		const before = this.served.get(key) ?? null;
		const answer = await this.replace(stream, key, before, traffic);
		if (this.stream !== stream || answer.verdict === "gone") return false;
		if (answer.verdict === "silent") {
			this.options.log.warn({ proxy: this.options.proxy, service: key }, "Envoy has not obeyed yet: trying again");
			return false;
		}
		if (traffic === null) {
			this.forget(key);
			return true;
		}
		if (answer.verdict === "ack") this.accept(stream, traffic);
		else await this.revert(stream, traffic, answer.message);
		return true;
	}

	private async replace(
		stream: DeltaStream,
		key: string,
		before: ServiceTraffic | null,
		after: ServiceTraffic | null,
	): Promise<Answer> {
		const others = [...this.served].filter(([other]) => other !== key).map(([, traffic]) => traffic);
		const all = after === null ? others : [...others, after];
		// A gateway that cannot listen (its port is taken) is no fault of this service, and never asks for routes.
		const hasGateway = stream.known("listener").has(gatewayName);
		const gateway = hasGateway ? gatewayResources(this.options.host, all) : [];
		let add: Encoded[];
		try {
			add = [...(after === null ? [] : resourcesOf(after, this.options.host)), ...gateway].map(encode);
		} catch (error) {
			return { verdict: "nack", message: messageOf(error) };
		}
		const kept = new Set(add.map(idOf));
		const drop = (before === null ? [] : resourcesOf(before, this.options.host)).filter((resource) => !kept.has(idOf(resource)));
		if (after !== null) this.served.set(key, after);
		return transition(stream, this.options.admin, { add, drop });
	}

	private accept(stream: DeltaStream, traffic: ServiceTraffic): void {
		const key = trafficKey(traffic);
		this.served.set(key, traffic);
		this.judged.set(key, traffic.revision);
		this.options.accepted.set(traffic);
		void this.acknowledgeWhenShown(stream, traffic);
	}

	/** Does not hold up the next service: endpoints appear in /clusters a moment after they were accepted. */
	private async acknowledgeWhenShown(stream: DeltaStream, traffic: ServiceTraffic): Promise<void> {
		const key = trafficKey(traffic);
		const isOver = () => stream.isEnded || this.served.get(key) !== traffic;
		const isVisible = async () => isShown(traffic, await this.options.admin.clusters(clusterNamesOf(traffic)));
		if (await waitUntil(isVisible, { deadlineMs: shownDeadlineMs, isOver })) this.judge(traffic, "ack", null);
		else if (!isOver()) this.options.log.warn({ proxy: this.options.proxy, service: key }, "Envoy does not show its endpoints");
	}

	private async revert(stream: DeltaStream, refused: ServiceTraffic, message: string): Promise<void> {
		const key = trafficKey(refused);
		const good = this.options.accepted.get(key);
		if (good === null) this.served.delete(key);
		await this.replace(stream, key, refused, good);
		this.refuse(refused, message);
	}

	/** What was served before goes on. */
	private refuse(refused: ServiceTraffic, message: string): void {
		const key = trafficKey(refused);
		this.options.log.warn({ proxy: this.options.proxy, service: key, revision: refused.revision, message }, "Envoy refused");
		this.judged.set(key, refused.revision);
		this.options.accepted.keep(key);
		this.judge(refused, "nack", message);
	}

	private judge(traffic: ServiceTraffic, verdict: "ack" | "nack", message: string | null): void {
		const { service, environment, revision } = traffic;
		this.acks.set(trafficKey(traffic), { service, environment, revision, verdict, message });
		this.options.onChange();
	}

	private forget(key: string): void {
		this.served.delete(key);
		this.judged.delete(key);
		this.acks.delete(key);
		this.options.accepted.forget(key);
		this.options.onChange();
	}
}

function idOf(resource: Pick<Resource, "kind" | "name">): string {
	return `${resource.kind} ${resource.name}`;
}
