import { expect, test } from "vitest";
import type { RolloutPlan } from "@/domain/rollout/model";
import { hostEvent, pipelineEndEvent, releaseEvent } from "@/domain/webhook/catalog-event";
import { cloudEventText, eventTypes, isEventType, type NewEvent } from "@/domain/webhook/event";
import { rolloutEndEvent } from "@/domain/webhook/rollout-event";

const teller = { installation: "abc123", portalUrl: "http://localhost:4600" };
const at = new Date("2026-11-24T10:00:00.000Z");
const textOf = (event: NewEvent) => cloudEventText({ ...event, id: "e1", at }, teller);
const shaped = (event: NewEvent) => JSON.parse(textOf(event));

const digest = `sha256:${"a".repeat(64)}`;
const release = (number: number) => ({ id: `r${number}`, number, repository: "team/orders", digest });
const plan = (kind: RolloutPlan["kind"], from: number | null) =>
	({
		...{ kind, service: "orders", environment: "staging", from: from === null ? null : release(from), to: release(5) },
		workload: { instances: 2, strategy: { kind: "rolling" } },
	}) as unknown as RolloutPlan;
const ended = (kind: RolloutPlan["kind"], from: number | null, state: "promoted" | "rolled-back" | "failed" | "rejected") =>
	rolloutEndEvent({ number: 7, plan: plan(kind, from), startedBy: "mei" }, state, null);

test("a pipeline's end is a CloudEvent 1.0 whose data is the CDEvent, with our own facts beside", () => {
	const pipeline = { repository: "orders", number: 3, branch: "main", commit: "c", pushedBy: "mei", service: "orders" };
	expect(shaped(pipelineEndEvent(pipeline, { state: "failed", reason: "The tests failed." }))).toEqual({
		specversion: "1.0",
		id: "e1",
		source: "/sluice/abc123",
		type: "dev.cdevents.pipelinerun.finished.0.3.0",
		subject: "orders/3",
		time: "2026-11-24T10:00:00.000Z",
		datacontenttype: "application/json",
		data: {
			context: {
				specversion: "0.5.1",
				id: "e1",
				source: "/sluice/abc123",
				type: "dev.cdevents.pipelinerun.finished.0.3.0",
				timestamp: "2026-11-24T10:00:00.000Z",
			},
			subject: {
				id: "orders/3",
				source: "/sluice/abc123",
				content: {
					pipelineName: "orders",
					outcome: "failure",
					errors: "The tests failed.",
					uri: "http://localhost:4600/pipelines/orders/3",
				},
			},
			customData: {
				...{ branch: "main", commit: "c", pushedBy: "mei", repository: "orders", pipeline: 3, service: "orders" },
				...{ state: "failed", reason: "The tests failed.", page: "http://localhost:4600/pipelines/orders/3" },
			},
			customDataContentType: "application/json",
		},
	});
});

test("the same event is the same text, in whatever order the database gives its facts back", () => {
	const event = hostEvent("dev.sluice.host.joined", "h1", { by: "mei", roles: "node" });
	expect(textOf({ ...event, facts: { roles: "node", by: "mei" } })).toBe(textOf(event));
});

test("how a rollout ends is what CDEvents says of the service then, with the image that serves", () => {
	const told = (...args: Parameters<typeof ended>) => ended(...args).type.replace(/^dev\./, "");
	expect(told("release", null, "promoted")).toBe("cdevents.service.deployed");
	expect(told("release", 4, "promoted")).toBe("cdevents.service.upgraded");
	expect(told("rollback", 4, "promoted")).toBe("cdevents.service.rolledback");
	expect(told("stop", 5, "promoted")).toBe("cdevents.service.removed");
	expect(told("scale", 5, "promoted")).toBe("sluice.rollout.promoted");
	expect(told("release", 4, "rolled-back")).toBe("cdevents.service.rolledback");
	expect(told("release", null, "failed")).toBe("sluice.rollout.failed");
	expect(told("release", 4, "rejected")).toBe("sluice.rollout.rejected");
	expect(ended("release", 4, "promoted").content).toEqual({
		environment: { id: "staging" },
		artifactId: `pkg:oci/orders@sha256%3A${"a".repeat(64)}`,
	});
	expect(ended("stop", 5, "promoted").content).toEqual({ environment: { id: "staging" } });
	expect(ended("release", 4, "promoted").facts).toMatchObject({ rollout: 7, release: 5, fromRelease: 4, state: "promoted" });
});

test("an image is published once; configured anew it is the same artifact", () => {
	const facts = { service: "orders", number: 2, repository: "orders", digest, commit: null, createdBy: "mei" };
	expect(releaseEvent({ ...facts, isReconfigured: false })).toMatchObject({
		type: "dev.cdevents.artifact.published",
		subject: `pkg:oci/orders@sha256%3A${"a".repeat(64)}`,
	});
	expect(releaseEvent({ ...facts, isReconfigured: true })).toMatchObject({
		type: "dev.sluice.release.reconfigured",
		subject: "orders/2",
	});
});

test("a subscription names types that exist, without a version", () => {
	expect(eventTypes.every((type) => isEventType(type) && !/\d/.test(type))).toBe(true);
	expect(isEventType("dev.sluice.webhook.tested")).toBe(false);
});
