import { expect, test } from "@playwright/test";
import { api } from "./support/api";
import { BenchService } from "./support/bench-service";
import { containersOf, fetchFromContainer, occupy, plug } from "./support/fleet";
import { forwarderAddress } from "./support/installation";

/** What goes wrong goes back to what served, with the reason, and no client notices. */
/** A pair on the gateway, one on the other host. */
const proxies = 3;

let service: BenchService;

test.beforeAll(async () => {
	test.setTimeout(300_000);
	service = await BenchService.make("bad-days");
	expect((await service.ended(await service.deploy(0))).state).toBe("promoted");
});

async function expectStable(release: number): Promise<void> {
	const page = await api().service.get.query({ service: service.name });
	const serving = page.instances.filter(({ phase }) => phase !== "gone");
	expect(serving.map((one) => [one.release, one.phase, one.healthyOn])).toEqual([
		[release, "serving", proxies],
		[release, "serving", proxies],
	]);
	for (const host of ["h1", "h2"]) expect(await containersOf(host, service.name)).toHaveLength(1);
}

test("a container reaches the service by its name, from another host's container too", async () => {
	const page = await api().service.get.query({ service: service.name });
	const [release] = page.releases;
	const image = `${forwarderAddress()}/${release?.repository}@${release?.digest}`;
	for (const host of ["h1", "h2"]) {
		expect(await fetchFromContainer(host, "staging", image, `http://${service.name}.internal:8080/`)).toBe("200 release a");
	}
});

const bad = [
	{ what: "an image that never gets healthy", wishes: { targetPort: 9, healthySeconds: 5 }, why: /did not become healthy/ },
	{ what: "an image that exits at once", wishes: { command: ["false"] }, why: /exits with code 1/ },
	{ what: "an image without its program", wishes: { command: ["/no/such/program"] }, why: /no such file/ },
] as const;

for (const { what, wishes, why } of bad) {
	test(`${what} goes back to what served, says why, and no client notices`, async () => {
		const load = await service.load(8_000);
		const { state, reason } = await service.ended(await service.deploy(1, wishes));
		expect(state).toBe("rolled-back");
		expect(reason).toMatch(why);
		expect(await load.verdict).toMatchObject({ failed: 0, streamsCut: 0, causes: [] });
		await expectStable(1);
	});
}

test("a candidate that cannot start on the second host leaves the whole service on the stable release", async () => {
	const host = (await api().host.list.query()).find(({ name }) => name === "h2");
	const taken = await occupy(
		"h2",
		host?.address ?? "",
		Array.from({ length: 100 }, (_, index) => 20_000 + index),
	);
	try {
		const load = await service.load(10_000);
		const { state, reason } = await service.ended(await service.deploy(1, { healthySeconds: 20 }));
		expect(state).toBe("rolled-back");
		expect(reason).toMatch(/h2/);
		expect(reason).toMatch(/address already in use|port is already allocated/);
		expect(await load.verdict).toMatchObject({ failed: 0, streamsCut: 0, causes: [] });
		await expectStable(1);
	} finally {
		taken.close();
	}
});

test("a host that vanishes in a rollout: one version is routed, what it may still hold is held, and goes when it is back", async () => {
	const number = await service.deploy(1, { healthySeconds: 25 });
	await service.until(number, "a placed instance", ({ events }) => events.some(({ data }) => data.step === "create"));
	await plug("h2", "down");
	try {
		const page = await service.ended(number);
		expect(page.state).toBe("promoted");
		expect(page.reason).toMatch(/held.*h2\/envoy-0/);
		const routed = page.instances.filter(({ phase }) => phase === "serving");
		expect(new Set(routed.map(({ release }) => release)).size).toBe(1);
	} finally {
		await plug("h2", "up");
	}
	await expect(async () => {
		const { instances } = await api().service.get.query({ service: service.name });
		const left = instances.filter(({ phase }) => phase !== "gone");
		expect(left.map(({ phase }) => phase)).toEqual(["serving", "serving"]);
		const running = [...(await containersOf("h1", service.name)), ...(await containersOf("h2", service.name))];
		expect(running.sort()).toEqual(left.map(({ id }) => id).sort());
	}).toPass({ timeout: 90_000 });
});
