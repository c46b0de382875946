import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import Docker from "dockerode";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { ensureBaseImage } from "@/adapters/builder/base-image";
import { dockerBuilder } from "@/adapters/builder/docker";
import { hostBuildSecrets } from "@/adapters/builder/host-settings";
import { readTemplate } from "@/adapters/template/read";
import { labels } from "@/domain/names";
import { baseImageOf } from "@/domain/pipeline/base-image";
import { renderTemplate } from "@/domain/template/render";

/** The service that the Go template makes, built and run as a pipeline and a host do it. */
const dockerHost = process.env.DOCKER_HOST ?? "unix:///var/run/docker.sock";
const installation = `g${process.pid}`;
const builder = dockerBuilder({ dockerHost, installation });
const docker = new Docker({ socketPath: dockerHost.slice("unix://".length) });
const never = new AbortController().signal;
const images: string[] = [];
let folder: string;
let base: string;

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "sluice-go-template-"));
	const template = readTemplate(join(import.meta.dirname, "../../templates"), "go-http");
	for (const { path, text } of renderTemplate(template, { name: "orders", owner: "shop" })) {
		mkdirSync(dirname(join(folder, path)), { recursive: true });
		writeFileSync(join(folder, path), text);
	}
	({ reference: base } = await ensureBaseImage({ dockerHost, name: "go" }));
	// Compiles Go's standard library, once for this base and builder.
}, 600_000);

afterAll(async () => {
	for (const image of images) await builder.removeImage(image);
	rmSync(folder, { recursive: true, force: true });
});

async function build(target: string): Promise<string> {
	let output = "";
	const place = { context: folder, dockerfile: join(folder, "Dockerfile"), tag: null };
	const secrets = await hostBuildSecrets(join(folder, "secrets"));
	const request = { ...place, target, arguments: { GO_IMAGE: base }, secrets };
	const result = await builder.build(request, (text) => (output += text), never);
	if (!result.isBuilt) throw new Error(output);
	images.push(result.image);
	return result.image;
}

test("its tests pass in the pipeline's container, and one that is broken fails there", async () => {
	const run = async () => {
		let output = "";
		const limits = { memoryBytes: 2 * 1024 ** 3, cpus: 2, processes: 2_048 };
		const command = ["go", "test", "-v", "./..."];
		const image = await build("test");
		const request = { build: "go", image, command, variables: { CI: "true" }, limits, deadlineMs: 300_000 };
		const result = await builder.run(request, (text) => (output += text), never);
		return { result, output };
	};
	const good = await run();
	expect(good.result, good.output).toEqual({ kind: "exited", code: 0 });
	expect(good.output).toMatch(/--- PASS: TestAnotherServiceIsAskedWithTheCallersTraceAndBaggage/);
	writeFileSync(
		join(folder, "broken_test.go"),
		'package main\n\nimport "testing"\n\nfunc TestBroken(t *testing.T) { t.Error("broken on purpose") }\n',
	);
	const bad = await run().finally(() => rmSync(join(folder, "broken_test.go")));
	expect(bad.result).toEqual({ kind: "exited", code: 1 });
	expect(bad.output).toContain("broken on purpose");
}, 600_000);

test("its image is one small program that answers, traces what it logs, and ends when asked", async () => {
	const image = await build("runtime");
	const { Size } = await docker.getImage(image).inspect();
	expect(Size).toBeLessThan(20_000_000);
	const inspected = await builder.inspect("go", image, ["/usr/local/go/bin/go"]);
	expect(inspected).toMatchObject({ id: image, present: [], problem: null });
	expect(inspected.packages).toEqual([{ kind: "golang", name: "stdlib", version: baseImageOf("go").parts[0].version }]);
	const container = await docker.createContainer({
		Image: image,
		Labels: { [labels.installation]: installation, [labels.role]: "build" },
		HostConfig: { CapDrop: ["ALL"], Memory: 128 * 1024 ** 2, ReadonlyRootfs: true },
	});
	try {
		await container.start();
		const { NetworkSettings } = await container.inspect();
		const address = `http://${NetworkSettings.Networks.bridge?.IPAddress}:8080`;
		await vi.waitFor(async () => expect((await fetch(`${address}/healthz`)).status).toBe(200), { timeout: 20_000 });
		const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
		const answer = await fetch(address, { headers: { traceparent, "x-request-id": "r1" } });
		expect(await answer.json()).toMatchObject({ service: "orders" });
		await container.stop({ t: 10 });
		expect((await container.inspect()).State.ExitCode).toBe(0);
		const log = (await container.logs({ stdout: true, stderr: true })).toString("utf8");
		expect(log).toMatch(/"path":"\/","status":200,.*"requestId":"r1","traceId":"4bf92f3577b34da6a3ce929d0e0e4736"/);
		expect(log).toMatch(/"message":"stopped"/);
	} finally {
		await container.remove({ force: true });
	}
}, 300_000);
