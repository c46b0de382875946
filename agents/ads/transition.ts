import type { Resource, ResourceKind } from "@/domain/envoy/resources";
import type { Admin } from "../envoy/admin";
import { waitUntil } from "../envoy/wait-until";
import type { Answer, DeltaStream } from "./delta-stream";
import type { Encoded } from "./resource-types";

export interface Change {
	readonly add: readonly Encoded[];
	readonly drop: readonly Pick<Resource, "kind" | "name">[];
}

const ack: Answer = { verdict: "ack" };
const silent: Answer = { verdict: "silent" };
const inForceDeadlineMs = 10_000;
/** An agent that begins has everything to feed at once, and each of its clusters is checked before it is warm. */
const deadlineEachMs = 50;

/**
 * Moves one Envoy from what it has to what it should have, in the only order in which no request meets a gap: clusters,
 * their endpoints, until they are warm; then listeners and routes; then the same backwards for what leaves. A refusal
 * or silence ends it before anything was taken away. `ack` = all of it is accepted and the routes are in force.
 */
export async function transition(stream: DeltaStream, admin: Admin, change: Change): Promise<Answer> {
	const ofKind = (kind: ResourceKind) => change.add.filter((resource) => resource.kind === kind);
	const clusters = ofKind("cluster").filter(({ name, version }) => stream.known("cluster").get(name) !== version);
	const changed = new Set(clusters.map(({ name }) => name));
	// Envoy asks for the endpoints of a new cluster by itself, and a cluster changed in place needs them again.
	stream.put(ofKind("endpoints"));
	stream.open("cluster");
	stream.open("endpoints");
	const first = await inOrder([
		() => stream.push(ofKind("cluster")),
		() => stream.push(ofKind("endpoints"), changed),
		() => warm(stream, admin, changed),
	]);
	if (first.verdict !== "ack") return first;
	stream.put(ofKind("route"));
	stream.open("listener");
	stream.open("route");
	return inOrder([
		() => stream.push(ofKind("listener")),
		() => stream.push(ofKind("route")),
		() => stream.remove("listener", namesToDrop(change, "listener")),
		() => stream.remove("route", namesToDrop(change, "route")),
		() => inForce(stream, admin, change),
		() => stream.remove("cluster", namesToDrop(change, "cluster")),
		() => stream.remove("endpoints", namesToDrop(change, "endpoints")),
	]);
}

function namesToDrop(change: Change, kind: ResourceKind): string[] {
	return change.drop.filter((resource) => resource.kind === kind).map((resource) => resource.name);
}

async function inOrder(steps: readonly (() => Promise<Answer>)[]): Promise<Answer> {
	for (const step of steps) {
		const answer = await step();
		if (answer.verdict !== "ack") return answer;
	}
	return ack;
}

/** /clusters lists a cluster once its endpoints came and each was checked once: before that a route to it answers 503. */
async function warm(stream: DeltaStream, admin: Admin, names: ReadonlySet<string>): Promise<Answer> {
	if (names.size === 0) return ack;
	const isWarm = async () => {
		const present = await admin.clusters([...names]);
		return [...names].every((name) => present.has(name));
	};
	const deadlineMs = inForceDeadlineMs + names.size * deadlineEachMs;
	return (await waitUntil(isWarm, { deadlineMs, isOver: () => stream.isEnded })) ? ack : silent;
}

/** An ACK says "accepted"; the dump says "obeyed". */
async function inForce(stream: DeltaStream, admin: Admin, change: Change): Promise<Answer> {
	const expected = change.add.filter(({ kind }) => kind === "route" || kind === "listener");
	const gone = new Set(namesToDrop(change, "listener"));
	if (expected.length + gone.size === 0) return ack;
	const isObeyed = async () => {
		const { routes, listeners } = await admin.inForce();
		return (
			expected.every(({ kind, name, version }) => (kind === "route" ? routes : listeners).get(name) === version) &&
			[...gone].every((name) => !listeners.get(name))
		);
	};
	const deadlineMs = inForceDeadlineMs + expected.length * deadlineEachMs;
	return (await waitUntil(isObeyed, { deadlineMs, isOver: () => stream.isEnded })) ? ack : silent;
}
