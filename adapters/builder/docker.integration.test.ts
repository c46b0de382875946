import { randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { ensureBaseImage } from "@/adapters/builder/base-image";
import { dockerBuilder } from "@/adapters/builder/docker";
import { hostBuildSecrets } from "@/adapters/builder/host-settings";
import type { BuildRequest } from "@/adapters/builder/port";
import { labels } from "@/domain/names";
import { scratchRegistry } from "@/platform/testing/scratch-registry";

const dockerHost = process.env.DOCKER_HOST ?? "unix:///var/run/docker.sock";
const installation = `t${process.pid}`;
const builder = dockerBuilder({ dockerHost, installation });
const docker = new Docker({ socketPath: dockerHost.slice("unix://".length) });
const template = join(import.meta.dirname, "../../templates/typescript-http");
const limits = { memoryBytes: 256 * 1024 ** 2, cpus: 1, processes: 256 };
const never = new AbortController().signal;

let registry: Awaited<ReturnType<typeof scratchRegistry>>;
let folder: string;
let base: string;
const images: string[] = [];

beforeAll(async () => {
	[registry, { reference: base }] = await Promise.all([scratchRegistry(), ensureBaseImage({ dockerHost })]);
	folder = mkdtempSync(join(tmpdir(), "sluice-builder-"));
}, 300_000);

afterAll(async () => {
	await builder.clear("trial");
	for (const image of images) await builder.removeImage(image);
	rmSync(folder, { recursive: true, force: true });
	await registry.close();
});

function request(changes: Partial<BuildRequest> = {}): BuildRequest {
	const dockerfile = join(template, "Dockerfile");
	return { context: template, dockerfile, target: null, tag: null, arguments: { BASE_IMAGE: base }, secrets: [], ...changes };
}

async function build(changes: Partial<BuildRequest>): Promise<{ image: string | null; output: string }> {
	let output = "";
	const result = await builder.build(request(changes), (text) => (output += text), never);
	if (result.isBuilt) images.push(result.image);
	return { image: result.isBuilt ? result.image : null, output };
}

function buildText(dockerfile: string, changes: Partial<BuildRequest> = {}) {
	writeFileSync(join(folder, "Dockerfile"), dockerfile);
	return build({ context: folder, dockerfile: join(folder, "Dockerfile"), ...changes });
}

async function run(image: string, command: string[], deadlineMs = 60_000) {
	let output = "";
	const variables = { CI: "true" };
	const result = await builder.run(
		{ build: "trial", image, command, variables, limits, deadlineMs },
		(text) => (output += text),
		never,
	);
	return { result, output };
}

test("the template builds, its tests pass in a container, and what is pushed is what the registry has", async () => {
	const tested = await build({ target: "test" });
	const { result, output } = await run(tested.image ?? "", ["node", "--test", "test/**/*.test.ts"]);
	expect(result).toEqual({ kind: "exited", code: 0 });
	expect(output).toMatch(/pass 15/);
	const tag = `${registry.address}/quotes:1`;
	const built = await build({ tag });
	expect(built.image).toMatch(/^sha256:/);
	images.push(tag);
	const lines: string[] = [];
	const { digest } = await builder.publish(tag, (text) => lines.push(text), never);
	const held = await fetch(`http://${registry.address}/v2/quotes/manifests/${digest}`, {
		headers: { accept: "application/vnd.docker.distribution.manifest.v2+json" },
	});
	expect(held.status).toBe(200);
	expect(lines.join("")).toMatch(/Pushed/);
	expect((await builder.publish(tag, () => {}, never)).digest).toBe(digest);
});

test("an image tells the packages of its databases, and nothing of it is run", async () => {
	writeFileSync(join(folder, "lock.json"), JSON.stringify({ packages: { "node_modules/is-number": { version: "7.0.0" } } }));
	const { image } = await buildText(
		`FROM ${base}\nWORKDIR /app\nCOPY lock.json node_modules/.package-lock.json\nENTRYPOINT ["/no/such/program"]\n`,
		{ arguments: {} },
	);
	const inspected = await builder.inspect("trial", image ?? "", ["/usr/local/bin/node", "/usr/local/go/bin/go"]);
	expect(inspected).toMatchObject({ id: image, present: ["/usr/local/bin/node"], problem: null });
	expect(inspected.packages.find(({ name }) => name === "libc6")).toMatchObject({
		kind: "deb",
		version: expect.stringMatching(/^2\./),
	});
	expect(inspected.packages).toContainEqual({ kind: "npm", name: "is-number", version: "7.0.0" });
	expect(await builder.imageId(base)).toMatch(/^sha256:/);
	expect(await builder.imageId("no-such-image:1")).toBeNull();
	const left = await docker.listContainers({ all: true, filters: { label: [`${labels.installation}=${installation}`] } });
	expect(left).toEqual([]);
});

test("a test that fails is its exit code, not an error of the builder", async () => {
	const { result, output } = await run(base, ["node", "-e", "console.error('expected 1, got 2'); process.exit(3)"]);
	expect(result).toEqual({ kind: "exited", code: 3 });
	expect(output).toContain("expected 1, got 2");
});

test("a command that takes too long or too much memory is stopped, and says which", async () => {
	expect((await run(base, ["sleep", "60"], 500)).result).toEqual({ kind: "deadline" });
	const greedy = "const kept = []; for (;;) kept.push(Buffer.alloc(32 * 1024 * 1024, 1))";
	expect((await run(base, ["node", "-e", greedy])).result).toEqual({ kind: "out-of-memory" });
});

test("an abort kills a run and leaves no container", async () => {
	const stop = new AbortController();
	const running = builder.run(
		{ build: "trial", image: base, command: ["sh", "-c", "echo on; sleep 60"], variables: {}, limits, deadlineMs: 60_000 },
		() => stop.abort(new Error("cancelled")),
		stop.signal,
	);
	await expect(running).rejects.toThrow("cancelled");
	const left = await docker.listContainers({ all: true, filters: { label: [`${labels.installation}=${installation}`] } });
	expect(left).toEqual([]);
});

function commandLines(): string {
	const pids = readdirSync("/proc").filter((name) => /^[0-9]+$/.test(name));
	const read = (pid: string): string => {
		try {
			return readFileSync(`/proc/${pid}/cmdline`, "utf8");
		} catch {
			return "";
		}
	};
	return pids.map(read).join("\n");
}

test("an abort kills a build, and the engine stops it too", async () => {
	writeFileSync(join(folder, "Dockerfile"), `FROM ${base}\nRUN echo on-$((1+1)); sleep 61.7\n`);
	const stop = new AbortController();
	const building = builder.build(
		request({ context: folder, dockerfile: join(folder, "Dockerfile"), arguments: {} }),
		(text) => {
			if (text.includes("on-2")) stop.abort(new Error("cancelled"));
		},
		stop.signal,
	);
	await expect(building).rejects.toThrow("cancelled");
	await vi.waitFor(() => expect(commandLines()).not.toContain("sleep\u000061.7"), { timeout: 10_000 });
});

test("what a killed worker left is removed by the label of its build, and nothing else", async () => {
	const own = { [labels.installation]: installation, [labels.role]: "build", "dev.sluice.build": "left" };
	const left = await docker.createContainer({ Image: base, Cmd: ["sleep", "60"], Labels: own });
	await left.start();
	await builder.clear("other");
	expect((await left.inspect()).State.Running).toBe(true);
	await builder.clear("left");
	await expect(left.inspect()).rejects.toThrow(/no such container/i);
});

test("the machine's npm settings reach a build as a secret and stay out of the image", async () => {
	const secrets = await hostBuildSecrets(join(folder, "secrets"));
	// A step that the engine remembers from an earlier run would say nothing.
	const { image, output } = await buildText(
		`FROM ${base}\nENV TRIAL=${randomUUID()}\nRUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm view is-number@7.0.0 dist.integrity --fetch-retries=0\n`,
		{ arguments: {}, secrets },
	);
	expect(output).toMatch(/sha512-41Cifkg6/);
	const { result } = await run(image ?? "", ["sh", "-c", "! test -s /root/.npmrc"]);
	expect(result).toEqual({ kind: "exited", code: 0 });
});

test("a stage's name that could be an option is refused", async () => {
	await expect(build({ target: "--output=/etc" })).rejects.toThrow(/not a build stage's name/);
});

test("a broken Dockerfile is a result with BuildKit's own words", async () => {
	const { image, output } = await buildText(`FROM ${base}\nRUNN x\n`, { arguments: {} });
	expect(image).toBeNull();
	expect(output).toMatch(/line 2: unknown instruction: RUNN/i);
});
