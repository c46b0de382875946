import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { environment } from "./component";
import { identify, isAlive, parseStat } from "./process";

it("reads a process's start time also when its name holds brackets and spaces", () => {
	const tail = "S 1 77 77 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 4711 99 1";
	expect(parseStat(`42 (a) b) (x) ${tail}`)).toEqual({ state: "S", parent: 1, session: 77, startTicks: 4711 });
});

it("a pid that is used by another process is not taken for the first one", async () => {
	const child = spawn("sleep", ["30"]);
	const id = identify(child.pid ?? 0);
	expect(id !== null && isAlive(id)).toBe(true);
	expect(isAlive({ pid: child.pid ?? 0, startTicks: 1 })).toBe(false);
	child.kill("SIGKILL");
	await once(child, "exit");
	expect(id !== null && isAlive(id)).toBe(false);
});

it("hands on only what every program may need, what the component names, and its own settings", () => {
	const source = {
		PATH: "/bin",
		HTTPS_PROXY: "http://proxy",
		AWS_SECRET_ACCESS_KEY: "x",
		DATABASE_URL: "postgresql://",
		TEMPORAL_ADDRESS: "t",
	};
	expect(environment({ env: { SLUICE_HOME: "/h" }, inherit: ["DATABASE_URL"] }, source)).toEqual({
		PATH: "/bin",
		HTTPS_PROXY: "http://proxy",
		DATABASE_URL: "postgresql://",
		SLUICE_HOME: "/h",
	});
});
