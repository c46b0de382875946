import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type ConvergerTrial, openConvergerTrial, waitMs } from "./testing/converger-trial";

let trial: ConvergerTrial;

beforeAll(async () => {
	trial = await openConvergerTrial("ahead");
}, 300_000);
afterAll(() => trial.close());

test("an image that is asked for ahead is got without an instance, one that no registry has is told, and both are forgotten when nobody asks", async () => {
	await expect(trial.engine.getImage(trial.imageReference).inspect()).rejects.toThrow("no such image");
	const missing = `ahead@sha256:${"0".repeat(64)}`;
	trial.apply(1, [], { images: [trial.image, missing] });
	await vi.waitFor(() => expect(trial.report().images).toHaveLength(2), waitMs);
	expect(trial.report().images).toContainEqual({ image: trial.image, problem: null });
	expect(trial.report().images).toContainEqual({ image: missing, problem: expect.stringMatching(/not found|unknown/) });
	await trial.engine.getImage(trial.imageReference).inspect();
	expect(await trial.containers()).toEqual([]);

	trial.apply(2, []);
	await vi.waitFor(() => expect(trial.report().images).toEqual([]), waitMs);
	await trial.engine.getImage(trial.imageReference).inspect();
}, 120_000);
