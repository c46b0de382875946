import { describe, expect, it } from "vitest";
import type { ApprovalRow, HostRow, PipelineRow, RolloutRow, ServiceRow } from "@/server/views";
import { type Everything, whatNeedsMe } from "./attention";

const nothing: Everything = {
	services: [],
	serviceCount: 0,
	rollouts: [],
	pipelines: [],
	hosts: [],
	components: [],
	approvals: [],
};
const at = new Date(0);

function rollout(values: Partial<RolloutRow>): RolloutRow {
	return {
		service: "orders",
		environment: "staging",
		number: 1,
		strategy: "rolling",
		state: "promoted",
		reason: null,
		from: null,
		to: 1,
		startedBy: "someone",
		createdAt: at,
		endedAt: at,
		weight: 100,
		kind: "release",
		paused: null,
		...values,
	};
}

function approval(refusal: string | null): ApprovalRow {
	return {
		...rollout({ state: "awaiting-approval", endedAt: null }),
		intentHash: "0",
		approvedBy: [],
		needed: 1,
		role: "approver",
		expiresAt: at,
		changes: { commits: null, config: [] },
		confirmation: "none",
		refusal,
		rejectRefusal: null,
	};
}

function pipeline(values: Partial<PipelineRow>): PipelineRow {
	return {
		repository: "orders",
		number: 1,
		branch: "main",
		commit: "0",
		commitMessage: "",
		author: "",
		pushedBy: "",
		state: "passed",
		reason: null,
		tests: "passed",
		release: null,
		rollout: null,
		createdAt: at,
		endedAt: at,
		...values,
	};
}

const host: HostRow = {
	name: "h1",
	address: "",
	roles: [],
	state: "ready",
	leaseAt: at,
	problem: null,
	memoryBytes: 1,
	cpus: 1,
	requestedMemoryBytes: 0,
	requestedCpus: 0,
	desiredRevision: 0,
	reportedRevision: 0,
	converged: true,
	instances: [],
	instanceCount: 0,
	proxies: [],
	verbs: { drain: null, undrain: null, remove: null, forceRemove: null },
};

function service(problem: string | null): ServiceRow {
	const environment = {
		environment: "staging",
		confirmation: "none",
		stable: null,
		rollout: null,
		declared: 0,
		healthy: 0,
		problem,
		state: "healthy",
		url: null,
		curl: null,
		frozen: null,
	} as const;
	return { name: "orders", description: "", owner: "", repository: null, environments: [environment] };
}

describe("what needs me", () => {
	it("is nothing when all is well, and a service never deployed is well", () => {
		expect(
			whatNeedsMe({ ...nothing, hosts: [host], rollouts: [rollout({})], pipelines: [pipeline({})], services: [service(null)] }),
		).toEqual([]);
	});

	it("leaves out a failure that a later success answered", () => {
		const rollouts = [rollout({ number: 2 }), rollout({ number: 1, state: "failed", reason: "why" })];
		const pipelines = [pipeline({ number: 2 }), pipeline({ number: 1, state: "failed" })];
		expect(whatNeedsMe({ ...nothing, rollouts, pipelines })).toEqual([]);
	});

	it("names the newest failure of each, worst first", () => {
		const found = whatNeedsMe({
			...nothing,
			hosts: [{ ...host, state: "silent" }],
			rollouts: [rollout({ state: "waiting", reason: "proxy" })],
			pipelines: [pipeline({ state: "failed" })],
		});
		expect(found.map((item) => item.kind)).toEqual(["pipeline", "host", "rollout"]);
	});

	it("is what waits for my word, and not what waits for another person's", () => {
		const found = whatNeedsMe({ ...nothing, approvals: [approval(null), approval("someone made this change")] });
		expect(found.map(({ kind, tone }) => [kind, tone])).toEqual([["approval", "waiting"]]);
	});

	it("is a pause that a person has to end", () => {
		const paused = rollout({ state: "running", endedAt: null, paused: { by: "mei", reason: "lunch", at } });
		expect(whatNeedsMe({ ...nothing, rollouts: [paused] }).map(({ kind, text }) => [kind, text])).toEqual([["paused", "lunch"]]);
	});

	it("says one problem once", () => {
		const found = whatNeedsMe({
			...nothing,
			services: [service("2 held")],
			rollouts: [rollout({ state: "waiting", reason: "2 held" })],
		});
		expect(found.map((item) => item.kind)).toEqual(["version"]);
	});
});
