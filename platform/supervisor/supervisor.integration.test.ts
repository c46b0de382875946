import { spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, it } from "vitest";
import { checkout } from "../setup";
import { until } from "../wait";
import { applySpec, endSupervisor, isSupervised, readStatus, waitReady } from "./control";
import { isAlive } from "./process";
import type { ComponentSpec, ComponentStatus, SupervisorSpec } from "./spec";

let home: string;

beforeEach(() => {
	home = mkdtempSync(`${tmpdir()}/sluice-supervisor-`);
});

afterEach(async () => {
	await endSupervisor(home, "installation", 20_000);
	rmSync(home, { recursive: true, force: true });
});

const deadlineMs = 20_000;

function trivial(name: string, given: Partial<ComponentSpec> = {}): ComponentSpec {
	return {
		name,
		kind: "service",
		argv: ["sleep", "300"],
		cwd: "/",
		env: {},
		inherit: [],
		user: null,
		after: [],
		outlives: [],
		staleFiles: [],
		ready: { kind: "running" },
		stop: { signal: "SIGTERM", deadlineMs: 2000 },
		drain: null,
		takesTurnsWith: [],
		fingerprint: "one",
		...given,
	};
}

function specOf(...components: ComponentSpec[]): SupervisorSpec {
	return { name: "installation", program: "one", home, locks: [`test-${home}`], components };
}

async function run(...components: ComponentSpec[]): Promise<void> {
	applySpec(checkout, specOf(...components));
	await waitReady(specOf(...components), deadlineMs);
}

function one(name: string): ComponentStatus {
	const found = readStatus(home, "installation")?.components.find((component) => component.name === name);
	if (found === undefined) throw new Error(`no component ${name}`);
	return found;
}

function pidOf(name: string): number {
	const pid = one(name).process?.pid;
	if (pid === undefined) throw new Error(`${name} does not run`);
	return pid;
}

function supervisorPid(): number {
	const pid = readStatus(home, "installation")?.supervisor.pid;
	if (pid === undefined) throw new Error("no supervisor");
	return pid;
}

async function killSupervisor(): Promise<void> {
	process.kill(supervisorPid(), "SIGKILL");
	await until("the supervisor is gone", deadlineMs, () => !isSupervised(readStatus(home, "installation")));
}

it("a component that is killed is started again and the others are left alone", async () => {
	await run(trivial("a"), trivial("b"));
	const [a, b] = [pidOf("a"), pidOf("b")];
	process.kill(a, "SIGKILL");
	await until("a runs again", deadlineMs, () => one("a").restarts === 1 && one("a").phase === "ready");
	expect(pidOf("a")).not.toBe(a);
	expect(one("a").lastExit).toBe("SIGKILL");
	expect(pidOf("b")).toBe(b);
});

it("components outlive a killed supervisor, and the next one adopts them", async () => {
	await run(trivial("a"));
	const pid = pidOf("a");
	await killSupervisor();
	const { process: before } = one("a");
	expect(before !== null && isAlive(before)).toBe(true);
	await run(trivial("a"));
	expect(pidOf("a")).toBe(pid);
	process.kill(pid, "SIGKILL");
	await until("the adopted one runs again", deadlineMs, () => one("a").restarts === 1 && one("a").phase === "ready");
});

it("a process that was started and not recorded is adopted by its marker", async () => {
	await run(trivial("a"));
	const pid = pidOf("a");
	await killSupervisor();
	rmSync(`${home}/run/a.json`);
	await run(trivial("a"));
	expect(pidOf("a")).toBe(pid);
});

it("a supervisor of older sources is replaced, and its components go on", async () => {
	await run(trivial("a"));
	const [pid, before] = [pidOf("a"), supervisorPid()];
	const newer = { ...specOf(trivial("a")), program: "two" };
	applySpec(checkout, newer);
	await waitReady(newer, deadlineMs);
	expect(supervisorPid()).not.toBe(before);
	expect(pidOf("a")).toBe(pid);
});

it("a second supervisor of the same name ends by itself", async () => {
	await run(trivial("a"));
	const argv = [`${checkout}/platform/supervisor/main.ts`, `${home}/run/installation.spec.json`];
	const second = spawn(process.execPath, ["--import", `${checkout}/node_modules/tsx/dist/loader.mjs`, ...argv], {
		cwd: checkout,
	});
	const code = await new Promise((resolve) => second.once("exit", resolve));
	expect(code).toBe(0);
	expect(one("a").phase).toBe("ready");
});

it("tasks and services run in the order of their dependencies, and end in the reverse order", async () => {
	const note = (text: string) => ["bash", "-c", `echo ${text} >> ${home}/order`];
	const noting = (name: string) => [
		"bash",
		"-c",
		`echo +${name} >> ${home}/order; trap 'echo -${name} >> ${home}/order; exit 0' TERM; while true; do sleep 0.05; done`,
	];
	await run(
		trivial("last", { argv: noting("last"), after: ["task"] }),
		trivial("task", { kind: "task", argv: note("task"), after: ["first"] }),
		trivial("first", { argv: noting("first") }),
	);
	await until("all wrote", deadlineMs, () => readFileSync(`${home}/order`, "utf8").includes("+last"));
	await endSupervisor(home, "installation", deadlineMs);
	expect(readFileSync(`${home}/order`, "utf8").trim().split("\n")).toEqual(["+first", "task", "+last", "-last", "-first"]);
});

it("what ignores SIGTERM is killed after its deadline", async () => {
	await run(
		trivial("deaf", {
			argv: ["bash", "-c", "trap '' TERM; while true; do sleep 0.05; done"],
			stop: { signal: "SIGTERM", deadlineMs: 300 },
		}),
	);
	const { process: id } = one("deaf");
	await endSupervisor(home, "installation", deadlineMs);
	expect(id !== null && isAlive(id)).toBe(false);
});

it("a component that cannot start is reported with its last lines", async () => {
	const spec = specOf(
		trivial("broken", { argv: ["bash", "-c", "echo the disk is full; exit 3"], ready: { kind: "tcp", port: 1 } }),
	);
	applySpec(checkout, spec);
	await expect(waitReady(spec, deadlineMs)).rejects.toThrow(/broken does not start \(exit code 3\)[\s\S]*the disk is full/);
});

it("a component that is optional holds nobody up", async () => {
	const absent = { argv: ["bash", "-c", "exit 3"], ready: { kind: "tcp", port: 1 } } as const;
	await run(trivial("a"), trivial("charts", { ...absent, isOptional: true }));
	expect(one("a").phase).toBe("ready");
	await expect(
		waitReady(specOf(trivial("a"), trivial("charts", { ...absent, isOptional: true })), deadlineMs, ["charts"]),
	).rejects.toThrow(/charts does not start/);
});

it("output goes to the component's log, also while no supervisor lives", async () => {
	await run(
		trivial("a", {
			argv: ["bash", "-c", `while true; do [ -e ${home}/say ] && { echo heard; rm ${home}/say; }; sleep 0.05; done`],
		}),
	);
	await killSupervisor();
	appendFileSync(`${home}/say`, "");
	await until("it is in the log", deadlineMs, () => readFileSync(`${home}/logs/a.log`, "utf8").includes("heard"));
	await run(trivial("a", { argv: ["sleep", "300"] }));
});
