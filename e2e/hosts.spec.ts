import { expect, test } from "@playwright/test";
import Docker from "dockerode";
import { readInstallation } from "@/adapters/installation/read";
import { portOf } from "@/domain/installation";
import { labels } from "@/domain/names";
import { readJson } from "@/platform/atomic-file";
import { statusOf } from "@/platform/status";
import { writeSpec } from "@/platform/supervisor/control";
import { type SupervisorSpec, specFile } from "@/platform/supervisor/spec";
import { api } from "./support/api";
import { BenchService } from "./support/bench-service";
import { sluice } from "./support/command";
import { kill } from "./support/fleet";
import { home, installationId } from "./support/installation";
import { look } from "./support/look";
import { Machine } from "./support/machine";
import { signIn } from "./support/sign-in";

/** How a client knows that the Envoy under its request is gone, and how soon. */
const isReset = /ECONNRESET|EPIPE|socket hang up|aborted|no close frame/;
const momentMs = 1_000;
const mostInFlight = 30;

/** A machine that joins from outside, hosts that are drained and removed, and a gateway's pair that loses one. */
let service: BenchService;
const machine = new Machine("m3");

test.beforeAll(async () => {
	test.setTimeout(300_000);
	service = await BenchService.make("hosts");
	expect((await service.ended(await service.deploy(0))).state).toBe("promoted");
});

test.afterAll(async () => {
	const isLeft = (await hostOf(machine.name)) !== undefined;
	await machine.remove();
	// A host that never comes back would hold up every rollout after this.
	if (isLeft) await sluice(["host", "remove", machine.name, "--force"]);
});

const hostOf = async (name: string) => (await api().host.list.query()).find((host) => host.name === name);

async function expectHealthy(instances: number, proxies: number): Promise<void> {
	await expect(async () => {
		const page = await api().service.get.query({ service: service.name });
		const live = page.instances.filter(({ phase }) => phase !== "gone");
		expect(live.map(({ phase, healthyOn }) => [phase, healthyOn])).toEqual(
			Array.from({ length: instances }, () => ["serving", proxies]),
		);
	}).toPass({ timeout: 60_000 });
}

/** What ran there is placed elsewhere by a rollout of its own, and that one has ended. */
async function expectDrained(name: string): Promise<void> {
	await expect(async () => expect(await hostOf(name)).toMatchObject({ state: "drained", instances: [] })).toPass({
		timeout: 90_000,
	});
	await expect(async () => {
		const [newest] = await api().rollout.list.query({ service: service.name, limit: 1 });
		expect(newest?.state).toBe("promoted");
	}).toPass({ timeout: 60_000 });
}

test("one of the gateway's pair killed under load: only what was in flight on it is lost, and it is fed again", async () => {
	await expectHealthy(2, 3);
	const load = await service.load(10_000);
	const startedAt = Date.now();
	await expect(async () => expect((await hostOf("h1"))?.proxies.every(({ alive }) => alive)).toBe(true)).toPass({
		timeout: 20_000,
	});
	kill("h1-envoy-1");
	const killedMs = Date.now() - startedAt;
	const killed = () => statusOf(home())?.find(({ component }) => component === "h1-envoy-1");
	await expect(async () => expect(killed()).toMatchObject({ state: "ready", restarts: 1 })).toPass({ timeout: 20_000 });
	await expectHealthy(2, 3);
	const verdict = await load.verdict;
	test.info().annotations.push({ type: "verdict", description: JSON.stringify(verdict) });
	// What was in flight on it, at the moment of its death: about five long ones and five streams on two Envoys, and as many
	// quick ones as this machine lets lie.
	const strange = verdict.failures.filter(
		({ endedMs, cause }) => !isReset.test(cause) || endedMs < killedMs - momentMs || endedMs > killedMs + momentMs,
	);
	expect(strange).toEqual([]);
	expect(verdict.failed + verdict.streamsCut).toBeLessThanOrEqual(mostInFlight);
	expect(verdict.requests).toBeGreaterThan(1_200);
});

test("a newer Envoy takes the place of each of the pair in turn, under load, and nothing is lost", async () => {
	const load = await service.load(60_000);
	const spec = readJson<SupervisorSpec>(specFile(home(), "host-h1"));
	if (spec === null) throw new Error("h1 has no supervisor.");
	const newer = spec.components.map((one) =>
		one.name.startsWith("envoy-") ? { ...one, fingerprint: `${one.fingerprint}-newer` } : one,
	);
	const pids = () => (statusOf(home()) ?? []).filter(({ component }) => component.startsWith("h1-envoy-")).map(({ pid }) => pid);
	const before = pids();
	writeSpec({ ...spec, components: newer });
	await expect(async () => {
		const now = pids();
		expect(now.every((pid) => pid !== null && !before.includes(pid))).toBe(true);
	}).toPass({ timeout: 100_000, intervals: [500] });
	await expectHealthy(2, 3);
	const verdict = await load.verdict;
	test.info().annotations.push({ type: "verdict", description: JSON.stringify(verdict) });
	expect(verdict).toMatchObject({ failed: 0, longFailed: 0, streamsCut: 0, causes: [] });
});

test("a machine elsewhere joins with a token, runs its own agent and Envoy, and takes instances; then it leaves and is removed", async () => {
	await machine.make();
	// Also brings the Envoys of the test before back to what `up` says.
	await sluice(["up", "--relay-address", machine.router]);
	await sluice(["up"]);
	const { portBase } = readInstallation(home());
	const relay = `https://${machine.router}:${portOf(portBase, "relay")}`;
	const { token, command } = await api().host.createJoinToken.mutate({ name: machine.name, roles: ["node"] });
	expect(command).toContain(relay);
	const engine = ["--docker", `unix://${machine.dockerSocket}`];
	const words = ["--relay", relay, "--address", machine.address, "--token-file", machine.tokenFile(token), ...engine];
	expect(await machine.sluice("host", "join", "--name", machine.name, ...words)).toContain(
		"m3 has joined as node. Its agent and Envoy run.",
	);
	await expect(async () => expect(await hostOf("m3")).toMatchObject({ state: "ready", proxies: [{ alive: true }] })).toPass({
		timeout: 20_000,
	});

	await sluice(["host", "drain", "h2"]);
	await expectDrained("h2");
	await expectHealthy(2, 4);
	const own = (await hostOf("m3"))?.instances.filter(
		({ id, phase }) => id.startsWith(`${service.name}--`) && phase === "serving",
	);
	expect(own).toHaveLength(1);
	await sluice(["host", "undrain", "h2"]);

	const agent = statusOf(machine.home)?.find(({ component }) => component === "m3-agent")?.pid;
	if (!agent) throw new Error("m3 has no agent.");
	process.kill(agent, "SIGKILL");
	await expect(async () => {
		const line = statusOf(machine.home)?.find(({ component }) => component === "m3-agent");
		expect([line?.state, line?.pid === agent]).toEqual(["ready", false]);
	}).toPass({ timeout: 20_000 });
	expect(await machine.sluice("host", "join", "--name", machine.name)).toContain("m3 had joined already.");

	await expect(machine.sluice("host", "leave", "m3")).rejects.toThrow(
		/\d+ instances? should run on m3: run `sluice host drain m3`/,
	);
	await expect(sluice(["host", "remove", "m3", "--force"])).rejects.toThrow(/Host m3 answers/);
	await sluice(["host", "drain", "m3"]);
	await expectDrained("m3");
	await machine.sluice("host", "leave", "m3");
	const docker = new Docker({ socketPath: machine.dockerSocket });
	expect(await docker.listContainers({ all: true, filters: { label: [`${labels.installation}=${installationId()}`] } })).toEqual(
		[],
	);
	expect(statusOf(machine.home)).toBe(null);
	await expect(async () => expect(await sluice(["host", "remove", "m3"])).toBe("")).toPass({ timeout: 40_000 });
	expect(await hostOf("m3")).toBe(undefined);
	await service.ended(await service.deploy(1));
	await expectHealthy(2, 3);
});

test("what does not fit says the numbers of each host, on the rollout's page and in the terminal", async ({ page }) => {
	const number = await service.deploy(1, { memory: "900Gi" });
	const { state, reason } = await service.ended(number);
	expect(state).toBe("rolled-back");
	const sentence =
		/asks for 921600 MiB of memory does not fit: h1 has \d+ MiB of \d+ MiB free, h2 has \d+ MiB of \d+ MiB free\. Lower its limit/;
	expect(reason).toMatch(sentence);
	expect(await sluice(["rollout", "status", service.name, "staging", String(number)])).toMatch(sentence);
	await signIn(page);
	await page.goto(`/services/${service.name}/staging/rollouts/${number}`);
	await expect(page.getByText(sentence).first()).toBeVisible();
	await page.goto("/hosts");
	const h1 = page.getByRole("region", { name: "h1", exact: true });
	const { requestedMemoryBytes = 0, requestedCpus = 0 } = (await hostOf("h1")) ?? {};
	expect(requestedMemoryBytes).toBeGreaterThanOrEqual(128 * 2 ** 20);
	const rounded = (value: number) => String(Math.round(value * 100) / 100).replace(".", "\\.");
	await expect(h1.getByText(new RegExp(`^${rounded(requestedMemoryBytes / 2 ** 30)} of [\\d.]+ GiB$`))).toBeVisible();
	await expect(h1.getByText(new RegExp(`^${rounded(requestedCpus)} of \\d+$`))).toBeVisible();
});

test("a person drains a host and uses it again on the hosts page; what is not allowed says why", async ({ page }) => {
	await signIn(page);
	await page.goto("/hosts");
	const h2 = page.getByRole("region", { name: "h2", exact: true });
	await h2.getByRole("button", { name: "Drain" }).click();
	await look(page, "host-drain");
	await page.getByRole("button", { name: "Drain h2" }).click();
	await expect(h2.getByText(/^Drain(ing|ed)$/)).toBeVisible();
	await expect(h2.getByRole("button", { name: "Remove" })).toBeDisabled();
	await look(page, "hosts-draining");
	await expectDrained("h2");
	await expect(h2.getByText("Drained", { exact: true })).toBeVisible();
	await h2.getByRole("button", { name: "Use again" }).click();
	await page.getByRole("button", { name: "Use h2 again" }).click();
	await expect(h2.getByText("Ready", { exact: true })).toBeVisible();
	await service.ended(await service.deploy(0, { variables: { ROUND: "last" } }));
	await expectHealthy(2, 3);
});
