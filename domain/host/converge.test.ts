import fc from "fast-check";
import { expect, test } from "vitest";
import { type ActualContainer, isOwn, plan } from "@/domain/host/converge";
import type { DesiredInstance } from "@/domain/host/model";

const instance = (id: string): DesiredInstance => ({
	id,
	containerName: `sluice-inst01-${id}`,
	service: "orders",
	environment: "staging",
	release: 1,
	image: `orders@sha256:${"0".repeat(64)}`,
	command: null,
	variables: {},
	configVersion: 1,
	ports: [{ name: "http", containerPort: 8080, hostPort: 20_000 }],
	limits: { memoryBytes: 1, cpus: 1 },
	network: "sluice-inst01-staging",
	stopGraceMs: 10_000,
});

const container = fc.record({
	containerId: fc.uuid(),
	name: fc.string(),
	installation: fc.constantFrom("inst01", "other1", null),
	role: fc.constantFrom("instance", "build", null),
	instance: fc.constantFrom("a", "b", "c", "d", null),
	stopGraceMs: fc.nat(10_000),
	volumes: fc.subarray(["v1", "v2"]),
	state: fc.constantFrom("created", "running", "restarting", "exited", "other"),
}) satisfies fc.Arbitrary<ActualContainer>;

const world = fc.tuple(
	fc.subarray(["a", "b", "c"]),
	fc.uniqueArray(container, { selector: (one) => one.containerId, maxLength: 8 }),
);

/** The world after the actions were done. */
function act(actual: readonly ActualContainer[], actions: ReturnType<typeof plan>): ActualContainer[] {
	const left = actual.filter(
		(one) => !actions.some((action) => action.kind === "remove" && action.containerId === one.containerId),
	);
	const started = left.map((one) =>
		actions.some((action) => action.kind === "start" && action.containerId === one.containerId)
			? { ...one, state: "running" as const }
			: one,
	);
	const created = actions.flatMap((action) =>
		action.kind === "create"
			? [
					{
						containerId: `new-${action.instance.id}`,
						name: "",
						installation: "inst01",
						role: "instance",
						instance: action.instance.id,
						stopGraceMs: 0,
						volumes: (action.instance.volumes ?? []).map(({ id }) => id),
						state: "running" as const,
					},
				]
			: [],
	);
	return [...started, ...created];
}

test("containers of others and of builds are never touched", () => {
	fc.assert(
		fc.property(world, ([ids, actual]) => {
			const foreign = new Set(actual.filter((one) => !isOwn(one, "inst01")).map((one) => one.containerId));
			for (const action of plan("inst01", ids.map(instance), actual)) {
				if (action.kind !== "create") expect(foreign.has(action.containerId)).toBe(false);
			}
		}),
	);
});

test("done once nothing is left to do, and exactly the desired instances have a container, one each", () => {
	fc.assert(
		fc.property(world, ([ids, actual]) => {
			const desired = ids.map(instance);
			const after = act(actual, plan("inst01", desired, actual));
			expect(plan("inst01", desired, after)).toEqual([]);
			const running = after.filter((one) => isOwn(one, "inst01")).map((one) => one.instance);
			expect(running.sort()).toEqual([...ids].sort());
		}),
	);
});

test("a running container of a desired instance is left alone, whatever else there is of that instance", () => {
	fc.assert(
		fc.property(world, ([ids, actual]) => {
			const actions = plan("inst01", ids.map(instance), actual);
			for (const id of ids) {
				const running = actual.filter((one) => isOwn(one, "inst01") && one.instance === id && one.state === "running");
				const removed = running.filter((one) =>
					actions.some((action) => action.kind === "remove" && action.containerId === one.containerId),
				);
				if (running.length > 0) expect(removed.length).toBe(running.length - 1);
			}
		}),
	);
});

test("no container is made or started beside another one that mounts its volume, and all are there in the end", () => {
	const holding = fc.tuple(world, fc.constantFrom("v1", "v2"), fc.constantFrom("a", "b", "c"));
	fc.assert(
		fc.property(holding, ([[ids, actual], volume, holder]) => {
			const volumes = [{ id: volume, name: "data", target: "/data", readOnly: false }];
			const desired = ids.map((id) => (id === holder ? { ...instance(id), volumes } : instance(id)));
			const actions = plan("inst01", desired, actual);
			for (const action of actions) {
				if (action.kind === "remove" || action.instance.id !== holder) continue;
				expect(actual.filter((one) => isOwn(one, "inst01") && one.instance !== holder && one.volumes.includes(volume))).toEqual(
					[],
				);
			}
			const others = act(actual, actions).filter((one) => one.instance === holder || !one.volumes.includes(volume));
			const after = act(others, plan("inst01", desired, others));
			expect(after.filter((one) => isOwn(one, "inst01") && one.instance === holder)).toHaveLength(ids.includes(holder) ? 1 : 0);
		}),
	);
});

test("of two desired instances with one volume, which nobody should ask for, one waits", () => {
	const volumes = [{ id: "v1", name: "data", target: "/data", readOnly: false }];
	const desired = ["a", "b"].map((id) => ({ ...instance(id), volumes }));
	expect(plan("inst01", desired, [])).toEqual([{ kind: "create", instance: desired[0] }]);
});
