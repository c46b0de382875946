import { readdirSync, readFileSync } from "node:fs";
import { temporal as proto } from "@temporalio/proto";
import { Worker } from "@temporalio/worker";
import { describe, expect, it } from "vitest";
import { bundlerOptions } from "@/workflows/bundle";

const folder = new URL("histories/", import.meta.url).pathname;
const workflowsPath = new URL("testing/rollout-only.ts", import.meta.url).pathname;
const histories = readdirSync(folder).filter((name) => name.startsWith("rollout"));

describe("recorded rollouts", () => {
	it("are there", () => expect(histories.length).toBeGreaterThan(0));

	it.each(histories)("%s makes the same decisions with today's code", async (name) => {
		// As protobuf's own JSON: the SDK's reader of the CLI's JSON does not work with the protobufjs installed here.
		const history = proto.api.history.v1.History.fromObject(JSON.parse(readFileSync(`${folder}/${name}`, "utf8")));
		await Worker.runReplayHistory({ workflowsPath, bundlerOptions }, history, "rollout/orders1/staging/2");
	});
});
