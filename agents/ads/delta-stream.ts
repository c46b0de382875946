import type { ResourceKind } from "@/domain/envoy/resources";
import { type Encoded, kindOf, typeUrlOf } from "./resource-types";

export interface DeltaRequest {
	readonly node: { readonly id: string } | null;
	readonly type_url: string;
	readonly resource_names_subscribe?: readonly string[];
	readonly resource_names_unsubscribe?: readonly string[];
	readonly initial_resource_versions?: Readonly<Record<string, string>>;
	readonly response_nonce: string;
	readonly error_detail: { readonly message: string } | null;
}

export interface DeltaResponse {
	readonly type_url: string;
	readonly nonce: string;
	readonly resources: readonly { name: string; version: string; resource: { type_url: string; value: Buffer } }[];
	readonly removed_resources: readonly string[];
}

/** `gone` = the stream ended before Envoy answered; `silent` = no answer in time. */
export type Answer = { verdict: "ack" } | { verdict: "nack"; message: string } | { verdict: "gone" } | { verdict: "silent" };

interface KindState {
	/** Envoy asked for this kind on this stream. */
	isAsked: boolean;
	/** Until then Envoy's question waits: routes must not come before the clusters they name. */
	isOpen: boolean;
	readonly isWildcard: boolean;
	readonly subscribed: Set<string>;
	/** What Envoy said it has: name -> version. */
	readonly known: Map<string, string>;
	/** What it is served when it asks. */
	readonly offered: Map<string, Encoded>;
	/** The last refusal of each name. */
	readonly refused: Map<string, { version: string; message: string }>;
}

interface Sent {
	readonly kind: ResourceKind;
	readonly versions: ReadonlyMap<string, string>;
	readonly removed: readonly string[];
}

const answerDeadlineMs = 10_000;

/**
 * One Envoy's delta ADS stream: what it subscribed to, what it has, what it was sent and not yet answered. Nothing is
 * taken as known before Envoy's own word: an ACK, or the versions it names when it comes back.
 */
export class DeltaStream {
	private readonly kinds = new Map<ResourceKind, KindState>();
	private readonly unanswered = new Map<string, Sent>();
	private readonly write: (response: DeltaResponse) => void;
	private waiting: (() => void)[] = [];
	private nonces = 0;
	isEnded = false;

	constructor(write: (response: DeltaResponse) => void) {
		this.write = write;
	}

	known(kind: ResourceKind): ReadonlyMap<string, string> {
		return this.state(kind).known;
	}

	/** Changes what is served from now on; sends nothing. */
	put(resources: readonly Encoded[]): void {
		for (const resource of resources) this.state(resource.kind).offered.set(resource.name, resource);
	}

	/** Answers questions of this kind from now on, also one that already waits. */
	open(kind: ResourceKind): void {
		const state = this.state(kind);
		if (state.isOpen) return;
		state.isOpen = true;
		if (state.isAsked) this.send(kind, this.stale(state, [...state.offered.values()]), [], state.isWildcard);
	}

	/** Sends what Envoy asked for and has not; resolves when it has every one of them, or refused one. */
	async push(resources: readonly Encoded[], force: ReadonlySet<string> = new Set()): Promise<Answer> {
		this.put(resources);
		for (const kind of new Set(resources.map((resource) => resource.kind))) {
			const state = this.state(kind);
			const ofKind = resources.filter((resource) => resource.kind === kind);
			if (state.isOpen && state.isAsked) this.send(kind, this.stale(state, ofKind, force), []);
		}
		return this.until(() => this.answerTo(resources));
	}

	/** Takes resources away; resolves when Envoy has said so. */
	async remove(kind: ResourceKind, names: readonly string[]): Promise<Answer> {
		const state = this.state(kind);
		for (const name of names) state.offered.delete(name);
		const present = names.filter((name) => state.known.has(name));
		if (present.length > 0) this.send(kind, [], present);
		return this.until(() => (present.every((name) => !state.known.has(name)) ? { verdict: "ack" } : null));
	}

	handle(request: DeltaRequest): void {
		const kind = kindOf(request.type_url);
		if (kind === null) return;
		const state = this.state(kind);
		this.takeAnswer(request);
		const isFirst = !state.isAsked;
		if (isFirst) {
			state.isAsked = true;
			for (const [name, version] of Object.entries(request.initial_resource_versions ?? {})) state.known.set(name, version);
		}
		const asked = request.resource_names_subscribe ?? [];
		for (const name of asked) state.subscribed.add(name);
		for (const name of request.resource_names_unsubscribe ?? []) {
			state.subscribed.delete(name);
			state.known.delete(name);
		}
		if (state.isOpen && (isFirst || asked.length > 0)) this.reply(kind, state, isFirst, asked);
		this.wake();
	}

	end(): void {
		this.isEnded = true;
		this.wake();
	}

	private reply(kind: ResourceKind, state: KindState, isFirst: boolean, asked: readonly string[]): void {
		// A name asked for again on a running stream is sent again: Envoy may have forgotten it.
		const named = asked.flatMap((name) => state.offered.get(name) ?? []);
		const resources = isFirst ? this.stale(state, [...state.offered.values()]) : named;
		this.send(kind, resources, [], isFirst && state.isWildcard);
	}

	private takeAnswer(request: DeltaRequest): void {
		const sent = this.unanswered.get(request.response_nonce);
		if (!sent) return;
		this.unanswered.delete(request.response_nonce);
		const state = this.state(sent.kind);
		for (const [name, version] of sent.versions) {
			if (request.error_detail) state.refused.set(name, { version, message: request.error_detail.message });
			else {
				state.known.set(name, version);
				state.refused.delete(name);
			}
		}
		for (const name of sent.removed) state.known.delete(name);
	}

	private answerTo(resources: readonly Encoded[]): Answer | null {
		let isComplete = true;
		for (const { kind, name, version } of resources) {
			const state = this.state(kind);
			const refusal = state.refused.get(name);
			if (refusal?.version === version) return { verdict: "nack", message: refusal.message };
			if (state.known.get(name) !== version) isComplete = false;
		}
		return isComplete ? { verdict: "ack" } : null;
	}

	private stale(state: KindState, resources: readonly Encoded[], force: ReadonlySet<string> = new Set()): Encoded[] {
		return resources.filter(
			({ name, version }) =>
				(state.isWildcard || state.subscribed.has(name)) && (force.has(name) || state.known.get(name) !== version),
		);
	}

	private send(kind: ResourceKind, resources: readonly Encoded[], removed: readonly string[], evenIfEmpty = false): void {
		if (this.isEnded || (resources.length + removed.length === 0 && !evenIfEmpty)) return;
		const state = this.state(kind);
		for (const { name } of resources) state.refused.delete(name);
		this.nonces += 1;
		const nonce = String(this.nonces);
		const versions = new Map(resources.map((resource) => [resource.name, resource.version]));
		this.unanswered.set(nonce, { kind, versions, removed });
		this.write({
			type_url: typeUrlOf(kind),
			nonce,
			resources: resources.map(({ name, version, bytes }) => ({
				name,
				version,
				resource: { type_url: typeUrlOf(kind), value: bytes },
			})),
			removed_resources: removed,
		});
	}

	private async until(check: () => Answer | null): Promise<Answer> {
		const deadline = Date.now() + answerDeadlineMs;
		for (;;) {
			if (this.isEnded) return { verdict: "gone" };
			const answer = check();
			if (answer) return answer;
			if (Date.now() >= deadline) return { verdict: "silent" };
			await new Promise<void>((resolve) => {
				const timer = setTimeout(resolve, deadline - Date.now() + 1);
				this.waiting.push(() => {
					clearTimeout(timer);
					resolve();
				});
			});
		}
	}

	private wake(): void {
		const waiting = this.waiting;
		this.waiting = [];
		for (const resolve of waiting) resolve();
	}

	private state(kind: ResourceKind): KindState {
		const found = this.kinds.get(kind);
		if (found) return found;
		const fresh: KindState = {
			isAsked: false,
			isOpen: false,
			isWildcard: kind === "cluster" || kind === "listener",
			subscribed: new Set(),
			known: new Map(),
			offered: new Map(),
			refused: new Map(),
		};
		this.kinds.set(kind, fresh);
		return fresh;
	}
}
