import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type ConvergerTrial, openConvergerTrial, waitMs } from "./testing/converger-trial";

let trial: ConvergerTrial;

beforeAll(async () => {
	trial = await openConvergerTrial("listener");
}, 300_000);
afterAll(() => trial.close());

/** Its manifest says 8080 of all of them. */
const listener = (id: string, hostPort: number, address: string) =>
	trial.instance({
		id,
		program: `require("node:net").createServer().listen(${address})`,
		ports: [{ name: "http", containerPort: 8080, hostPort }],
	});

test("of a container that runs and listens elsewhere than its manifest says, the host tells where", async () => {
	const instances = [
		listener("right", 28_411, "8080"),
		listener("other", 28_412, "9898"),
		listener("loopback", 28_413, '8080, "127.0.0.1"'),
	];
	trial.apply(1, instances);
	const said = () => Object.fromEntries(trial.report().instances.map(({ id, state, message }) => [id, { state, message }]));
	await vi.waitFor(
		() =>
			expect(said()).toEqual({
				right: { state: "running", message: null },
				other: { state: "running", message: "it does not listen on TCP port 8080; it listens on 9898" },
				loopback: { state: "running", message: expect.stringContaining("of its own loopback address only") },
			}),
		waitMs,
	);
}, 60_000);
