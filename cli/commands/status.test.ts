import { expect, it } from "vitest";
import { changedLines } from "./status";

const line = (component: string, state: "ready" | "starting", pid: number | null) => ({
	...{ component, state, pid },
	...{ memoryBytes: null, restarts: 0, since: 0 },
});

it("a watched status tells all once, then what changed, and what is gone", () => {
	const said = new Map<string, string>();
	const told = (...lines: ReturnType<typeof line>[]) =>
		changedLines(said, lines).map(({ component, state }) => `${component} ${state}`);
	expect(told(line("portal", "ready", 1), line("worker", "starting", 2))).toEqual(["portal ready", "worker starting"]);
	expect(told(line("portal", "ready", 1), line("worker", "starting", 2))).toEqual([]);
	expect(told(line("portal", "ready", 1), line("worker", "ready", 2))).toEqual(["worker ready"]);
	// Another process in the same state was started anew in between.
	expect(told(line("portal", "ready", 7))).toEqual(["portal ready", "worker gone"]);
	expect(told(line("portal", "ready", 7))).toEqual([]);
});
