import { expect, test } from "vitest";
import { judgeDelivery } from "./delivery";
import { whyNotCancel } from "./gate";

const running = { name: "orders", state: "running", cancelRequestedBy: null, rollouts: 0 } as const;

test("a run is cancelled once, and only before the service was deployed", () => {
	expect(whyNotCancel(running)).toBeNull();
	expect(whyNotCancel({ ...running, state: "waiting" })).toBeNull();
	expect(whyNotCancel({ ...running, rollouts: 1 })).toContain("has been deployed");
	expect(whyNotCancel({ ...running, cancelRequestedBy: "mei" })).toContain("mei has asked");
	expect(whyNotCancel({ ...running, state: "done" })).toContain("ended: done");
});

const pipeline = { number: 1, state: "running", reason: null } as const;
const passed = { ...pipeline, state: "passed" } as const;
const rollout = { number: 1, state: "running", reason: null } as const;

test("a delivery is running until its rollout is promoted", () => {
	expect(judgeDelivery({ pipeline: null, rollout: null }).state).toBe("running");
	expect(judgeDelivery({ pipeline, rollout: null })).toMatchObject({ state: "running", pipeline: { state: "running" } });
	expect(judgeDelivery({ pipeline: passed, rollout })).toMatchObject({ state: "running", rollout: { state: "running" } });
	expect(judgeDelivery({ pipeline: passed, rollout: { ...rollout, state: "waiting" } }).state).toBe("running");
	expect(judgeDelivery({ pipeline: passed, rollout: { ...rollout, state: "promoted" } }).state).toBe("delivered");
	expect(judgeDelivery({ pipeline: passed, rollout: null }).state).toBe("delivered");
});

test("what failed waits for a person, with the reason and what to do; the next push is judged anew", () => {
	const failed = judgeDelivery({ pipeline: { number: 1, state: "failed", reason: "2 tests failed." }, rollout: null });
	expect(failed).toMatchObject({ state: "waiting", pipeline: { state: "failed" }, rollout: { state: "pending" } });
	expect(failed.reason).toBe("Pipeline 1 failed: 2 tests failed. Push a fix to the main branch and it goes on, or cancel.");
	const back = judgeDelivery({ pipeline: passed, rollout: { ...rollout, state: "failed", reason: "not healthy" } });
	expect(back).toMatchObject({ state: "waiting", pipeline: { state: "done" }, rollout: { state: "failed" } });
	expect(back.reason).not.toContain("cancel");
	expect(judgeDelivery({ pipeline: { ...pipeline, number: 2 }, rollout: null }).state).toBe("running");
});
