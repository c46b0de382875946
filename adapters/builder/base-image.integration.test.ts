import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureBaseImage } from "@/adapters/builder/base-image";
import { dockerBuilder } from "@/adapters/builder/docker";
import { runProcess, systemEnvironment } from "@/adapters/builder/process";
import { scratchRegistry } from "@/platform/testing/scratch-registry";

const dockerHost = process.env.DOCKER_HOST ?? "unix:///var/run/docker.sock";
let registry: Awaited<ReturnType<typeof scratchRegistry>>;

beforeAll(async () => {
	registry = await scratchRegistry();
});
afterAll(() => registry.close());

test("many calls at once get one image, with Node 24, npm, the machine's certificates and the user node", async () => {
	const calls = await Promise.all([1, 2, 3].map(() => ensureBaseImage({ dockerHost })));
	const reference = calls[0]?.reference ?? "";
	expect(new Set(calls.map((call) => call.reference)).size).toBe(1);
	const builder = dockerBuilder({ dockerHost, installation: `b${process.pid}` });
	let output = "";
	const command = ["sh", "-c", "node --version; npm --version; id -un 1000; test -s $NODE_EXTRA_CA_CERTS && echo certificates"];
	const limits = { memoryBytes: 512 * 1024 ** 2, cpus: 1, processes: 100 };
	const request = { build: "base", image: reference, command, variables: {}, limits, deadlineMs: 60_000 };
	await builder.run(request, (text) => (output += text), new AbortController().signal);
	expect(output).toMatch(/^v24\.[0-9.]+\n11\.[0-9.]+\nnode\ncertificates\n$/);
}, 300_000);

test("it is pushed to the registry once, under a name without the registry here", async () => {
	const { reference } = await ensureBaseImage({ dockerHost, registry: registry.address });
	const lines: string[] = [];
	await ensureBaseImage({ dockerHost, registry: registry.address, onProgress: (line) => lines.push(line) });
	expect(lines).toEqual([]);
	const [repository, tag] = reference.split(":");
	expect((await fetch(`http://${registry.address}/v2/${repository}/manifests/${tag}`)).status).toBe(200);
	const listed = await runProcess(["/usr/bin/docker", "images", "--format", "{{.Repository}}"], {
		env: systemEnvironment({ DOCKER_HOST: dockerHost }),
	});
	expect(listed.output).not.toContain(registry.address);
}, 300_000);
