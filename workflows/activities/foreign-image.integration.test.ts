import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { ensureBaseImage } from "@/adapters/builder/base-image";
import { dockerBuilder } from "@/adapters/builder/docker";
import { createBareRepository, repositoryPath } from "@/adapters/git/bare";
import { makeFirstCommit } from "@/adapters/git/first-commit";
import { createLog } from "@/adapters/log/log";
import { type Installation, pathsOf } from "@/domain/installation";
import { labels } from "@/domain/names";
import type { BuildRecord } from "@/domain/provenance/model";
import { type ScratchDatabase, scratchDatabase } from "@/server/store/testing/scratch-database";
import { buildStage } from "@/workflows/activities/build";
import { recordBuild } from "@/workflows/activities/build-record";
import type { PipelineActivityDeps, StepContext } from "@/workflows/activities/pipeline-step";

/** A service whose Dockerfile knows nothing of Sluice, where no registry has its image. */
const dockerHost = process.env.DOCKER_HOST ?? "unix:///var/run/docker.sock";
const docker = new Docker({ socketPath: dockerHost.slice("unix://".length) });
const home = mkdtempSync(join(tmpdir(), "sluice-foreign-"));
const installation: Installation = { id: `f${process.pid}`.slice(0, 6), portBase: 28100, domain: "localhost", fleet: [] };
/** No engine has it, and the builder below is told that no registry answers: so it is with a hub within reach, too. */
const asked = "python:3.12-trial";
const made: string[] = [];
let scratch: ScratchDatabase;
let deps: PipelineActivityDeps;

beforeAll(async () => {
	scratch = await scratchDatabase();
	const paths = pathsOf(home);
	deps = {
		database: scratch.database,
		env: {
			...{ home, installation, paths, databaseUrl: scratch.url, temporalAddress: "", registry: "127.0.0.1:1" },
			...{ portalUrl: "", gitUrl: "" },
		},
		log: createLog("foreign-trial"),
		builder: { ...dockerBuilder({ dockerHost, installation: installation.id }), resolve: async () => "silent" },
		ensureBase: async (name, onProgress) => (await ensureBaseImage({ name, dockerHost, onProgress })).reference,
	};
});

afterAll(async () => {
	for (const image of made) await deps.builder.removeImage(image);
	rmSync(home, { recursive: true, force: true });
	await scratch.drop();
});

async function pushed(
	name: string,
	files: Record<string, string>,
): Promise<{ context: StepContext; said: string[]; output: () => string }> {
	const path = repositoryPath(deps.env.paths.repositories, name);
	await createBareRepository(path, "main");
	const ann = { name: "Ann", email: "ann@example.org" };
	const texts = Object.entries(files).map(([file, text]) => ({ path: file, text, isExecutable: false }));
	const first = {
		branch: "main",
		message: "First",
		author: ann,
		at: new Date("2026-01-01T00:00:00Z"),
		pusher: ann,
		files: texts,
	};
	const commit = await makeFirstCommit(path, first);
	const said: string[] = [];
	let output = "";
	const who = { commitMessage: "First", pushedBy: "Ann", pushedById: "", branch: "main", isDefaultBranch: true };
	const context: StepContext = {
		source: { id: `${name}-1`, repository: name, number: 1, commit, ...who },
		signal: new AbortController().signal,
		output: (text) => (output += text),
		say: (sentence) => said.push(sentence),
	};
	return { context, said, output: () => output };
}

const wanted = { build: { context: ".", dockerfile: "Dockerfile" }, target: null, tag: null };

test("a foreign Python service is built on our base with what its plain `pip install` fetched, and answers", async () => {
	const dockerfile = `# syntax=docker/dockerfile:1
ARG VERSION=3.12
FROM python:\${VERSION}-trial AS packages
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
FROM python:\${VERSION}-trial
COPY --from=packages /usr/local/lib/python3.12/site-packages /usr/local/lib/python3.12/site-packages
RUN adduser --disabled-password --gecos "" --uid 5678 app
USER app
COPY app.py .
CMD ["python", "-u", "app.py"]
`;
	const app = `import http.server
import itsdangerous


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(itsdangerous.Signer("key").sign(self.path))


http.server.ThreadingHTTPServer(("", 8080), Handler).serve_forever()
`;
	const { context, said, output } = await pushed("signer", {
		Dockerfile: dockerfile,
		"requirements.txt": "itsdangerous==2.2.0\n",
		"app.py": app,
	});
	const startedAt = new Date();
	const { dockerfile: text, ...built } = await buildStage(deps, context, wanted).catch((error: Error) => {
		throw new Error(`${error.message}\n${output()}`);
	});
	made.push(built.image);
	expect(text).toBe(dockerfile);
	expect(said).toContain(
		`${asked} cannot be fetched here (no image hub answers): built on Sluice's python base (Python 3.11) instead.`,
	);
	const times = { startedAt, endedAt: new Date() };
	await recordBuild(deps, context, { ...built, ...wanted.build, target: null, text, path: "Dockerfile", ...times });
	const row = await scratch.database.buildRecord.findUniqueOrThrow({ where: { pipelineId: context.source.id } });
	const { bases } = row.record as unknown as BuildRecord;
	expect(bases).toMatchObject([{ asked, reference: expect.stringMatching(/^sluice\/base-python:/) }]);
	expect(bases[0]?.imageId).toMatch(/^sha256:[0-9a-f]{64}$/);

	const container = await docker.createContainer({
		Image: built.image,
		Labels: { [labels.installation]: installation.id, [labels.role]: "build" },
		HostConfig: { CapDrop: ["ALL"], Memory: 128 * 1024 ** 2, ReadonlyRootfs: true },
	});
	try {
		await container.start();
		const { NetworkSettings } = await container.inspect();
		const address = `http://${NetworkSettings.Networks.bridge?.IPAddress}:8080/hello`;
		const answer = await vi.waitFor(async () => (await fetch(address)).text(), { timeout: 20_000 });
		expect(answer).toMatch(/^\/hello\.[\w-]{20,}$/);
	} finally {
		await container.remove({ force: true });
	}
}, 400_000);

test("an image that we have no base for ends in a sentence that names it and what can be done", async () => {
	const { context } = await pushed("missing", { Dockerfile: "FROM registry.invalid/shop/rust:1.80\nRUN true\n" });
	await expect(buildStage(deps, context, wanted)).rejects.toThrow(
		/registry\.invalid\/shop\/rust:1\.80 cannot be fetched here \(registry\.invalid does not answer\), and Sluice has no base of that kind\. Give/,
	);
}, 60_000);

test("a Dockerfile written for a newer BuildKit than the engine's own is built as it means, line for line", async () => {
	const dockerfile = `# syntax=docker/dockerfile:1.7
ARG HOME_OF=/opt/app
FROM --platform=$BUILDPLATFORM debian:12-trial AS made
RUN --mount=type=cache,target=/cache <<EOF
set -e
mkdir /made
echo "$HOSTNAME" > /made/name
EOF
RUN <<SCRIPT
#!/bin/bash
[[ -d /made ]] && echo yes > /made/script
SCRIPT
FROM debian:12-trial
ARG HOME_OF
COPY --link --chmod=640 <<ONE <<"TWO" /opt/app/
home is $HOME_OF
ONE
home is $HOME_OF
TWO
COPY --link --from=0 /made /made
RUN test "$(cat /opt/app/ONE)" = "home is /opt/app" && test "$(cat /opt/app/TWO)" = 'home is $HOME_OF'
RUN test "$(stat -c %a /opt/app/ONE)" = 640 && test -s /made/name && test "$(cat /made/script)" = yes
`;
	const { context, output } = await pushed("newer", { Dockerfile: dockerfile });
	const { image } = await buildStage(deps, context, wanted).catch((error: Error) => {
		throw new Error(`${error.message}\n${output()}`);
	});
	made.push(image);
	expect(await deps.builder.imageId(`sluice/heredocs:${context.source.id}`)).toBeNull();

	const failing = await pushed("failing", { Dockerfile: "FROM debian:12-trial\n\nRUN <<EOF\necho why\nexit 3\nEOF\n" });
	await expect(buildStage(deps, failing.context, wanted)).rejects.toThrow(/^Dockerfile:3: RUN <<EOF: exit code 3\nwhy$/);
}, 400_000);

test("what an older BuildKit cannot do is refused before it builds", async () => {
	const { context } = await pushed("refused", { Dockerfile: "FROM debian:12-trial\nCOPY --parents a/b /c/\n" });
	const builder = { ...deps.builder, engine: async () => "20.10.24" };
	await expect(buildStage({ ...deps, builder }, context, wanted)).rejects.toThrow(
		/^Dockerfile:2: COPY --parents needs Dockerfile 1\.20\.\nThe engine that builds is Docker 20\.10\.24/,
	);
}, 200_000);

test("with baseImages: hub nothing takes the place of an image that no registry gives", async () => {
	const { context, said } = await pushed("hub-only", { Dockerfile: `FROM ${asked}\nRUN true\n` });
	const only = { ...wanted, build: { ...wanted.build, baseImages: "hub" as const } };
	await expect(buildStage(deps, context, only)).rejects.toThrow(
		/^Dockerfile: python:3\.12-trial cannot be fetched here \(no image hub answers\), and the manifest has "baseImages: hub"/,
	);
	expect(said).toEqual([]);
}, 60_000);
