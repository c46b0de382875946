import { Resolver } from "node:dns/promises";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, it } from "vitest";
import { eventually, log, trafficOf } from "./envoy/test/support";
import { Names, namesMarker } from "./names";

const gateway = "127.86.2.1";
let directory: string;
let names: Names;

beforeEach(() => {
	directory = mkdtempSync(`${tmpdir()}/sluice-names-`);
	names = new Names(directory, log, () => `${directory}:h1-names-staging#`);
});

afterEach(async () => {
	names.stop();
	const pid = pidNow();
	if (pid !== null) process.kill(pid, "SIGTERM");
	await eventually("the name server ends", () => pidNow() === null);
	rmSync(directory, { recursive: true, force: true });
});

function pidNow(): number | null {
	try {
		const pid = Number(readFileSync(`${directory}/staging/dnsmasq.pid`, "utf8"));
		return readFileSync(`/proc/${pid}/comm`, "utf8").trim() === "dnsmasq" ? pid : null;
	} catch {
		return null;
	}
}

function nameServers(): string[] {
	return readdirSync("/proc")
		.filter((name) => /^\d+$/.test(name) && existsSync(`/proc/${name}/cmdline`))
		.filter((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(`--pid-file=${directory}`));
}

function services(...all: string[]) {
	return { installation: "namest", services: all.map((name, index) => trafficOf(name, 1, `10.254.9.${index + 1}`, [])) };
}

async function addressOf(service: string): Promise<string | null> {
	const resolver = new Resolver({ timeout: 300, tries: 1 });
	resolver.setServers([gateway]);
	return (await resolver.resolve4(`${service}.internal`).catch(() => []))[0] ?? null;
}

it("answers the names of an environment, also new ones, with nothing of the agent's environment but its own marker", async () => {
	names.apply(services("orders"));
	names.serve("staging", gateway);
	await eventually("orders", async () => (await addressOf("orders")) === "10.254.9.1");
	names.apply(services("orders", "bills"));
	await eventually("bills", async () => (await addressOf("bills")) === "10.254.9.2");
	const variables = readFileSync(`/proc/${pidNow()}/environ`, "utf8")
		.split("\0")
		.map((line) => line.split("=")[0])
		.filter((name) => name !== "");
	expect(variables.filter((name) => name !== "PATH" && name !== "NODE_ENV")).toEqual(["SLUICE_COMPONENT"]);
	expect(namesMarker("/home:h1-agent#abc", "staging")).toBe("/home:h1-names-staging#");
});

it("a killed name server is there again, also when another agent started it", async () => {
	names.apply(services("orders"));
	names.serve("staging", gateway);
	const first = await eventually("it runs", pidNow);
	await eventually("orders", async () => (await addressOf("orders")) === "10.254.9.1");
	process.kill(first, "SIGKILL");
	const second = await eventually("it runs again", () => (pidNow() === first ? null : pidNow()));
	await eventually("orders again", async () => (await addressOf("orders")) === "10.254.9.1");

	names.stop();
	names = new Names(directory, log, () => null);
	names.apply(services("orders"));
	names.serve("staging", gateway);
	expect(pidNow()).toBe(second);
	process.kill(second, "SIGKILL");
	await eventually("it is gone", () => pidNow() === null);
	names.serve("staging", gateway);
	await eventually("orders once more", async () => (await addressOf("orders")) === "10.254.9.1");
	expect(nameServers()).toHaveLength(1);
});
