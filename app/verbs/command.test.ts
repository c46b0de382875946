import { describe, expect, it } from "vitest";
import {
	endFreezeCommand,
	followCommand,
	freezeCommand,
	logsCommand,
	overrideCommand,
	rolloutCommand,
	serviceCommand,
} from "./command";

const rollout = { service: "orders", environment: "staging", number: 4 };

describe("an act as a command", () => {
	it("has the words of the command line", () => {
		expect(rolloutCommand("promote", rollout, "")).toBe("./sluice promote orders --env staging");
		expect(rolloutCommand("promote-full", rollout, "seen enough")).toBe(
			"./sluice promote orders --env staging --full --reason 'seen enough'",
		);
		expect(rolloutCommand("rollback", rollout, "slow")).toBe(
			"./sluice rollback orders --env staging --rollout 4 --reason 'slow'",
		);
		expect(followCommand(rollout)).toBe("./sluice rollout status orders staging 4 --watch");
		expect(serviceCommand("scale", rollout, 3)).toBe("./sluice scale orders 3 --env staging");
		expect(logsCommand({ ...rollout, instance: "", words: "" })).toBe("./sluice logs orders --env staging -f");
		expect(logsCommand({ ...rollout, instance: "orders-staging-1-1a", words: "it's" })).toBe(
			"./sluice logs orders --env staging --instance orders-staging-1-1a --search 'it'\\''s' -f",
		);
		expect(serviceCommand("stop", rollout, 3)).toBe("./sluice stop orders --env staging");
		expect(overrideCommand(rollout, 7, "it burns")).toBe(
			"./sluice deploy orders --release 7 --env staging --watch --override-freeze 'it burns'",
		);
		const weekend = { environment: "production", service: "", zone: "UTC", from: "", until: "", weekly: "fri 18:00 - mon 08:00" };
		expect(freezeCommand(weekend, "rest")).toBe(
			"./sluice freeze create production --weekly 'fri 18:00 - mon 08:00' --zone 'UTC' --reason 'rest'",
		);
		expect(endFreezeCommand("f1", "")).toBe("./sluice freeze end f1");
	});

	it("keeps whatever was typed one word of the shell", () => {
		expect(rolloutCommand("abort", rollout, "it's $(rm -rf /)")).toBe(
			`./sluice abort orders --env staging --reason 'it'\\''s $(rm -rf /)'`,
		);
	});
});
