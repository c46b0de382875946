import fc from "fast-check";
import { expect, test } from "vitest";
import { type Answers, type ImportSource, type Place, type Proposal, placeText } from "@/domain/import/model";
import { propose } from "@/domain/import/propose";
import { nonsense, repositories } from "@/domain/import/testing/repositories";
import { parseManifest } from "@/domain/manifest/parse";

function golden({ manifest, values, questions, bases, notes }: Proposal): string {
	const from = (place: Place | null) => (place === null ? "" : `   <- ${placeText(place)}`);
	return [
		"## asked",
		...questions.map(
			(one) => `${one.key} [${one.proposed}]${one.choices === null ? "" : ` of ${one.choices.join("|")}`}: ${one.sentence}`,
		),
		"## where no hub answers",
		...bases.map(({ sentence }) => sentence),
		"## said",
		...notes,
		"## values",
		...values.map(({ key, value, from: place }) => `${key} = ${value}${from(place)}`),
		"## sluice.yaml",
		manifest,
	].join("\n");
}

test.each(Object.entries(repositories))("%s is proposed what it says, with places, and asked the rest", async (name, source) => {
	const proposal = propose(source);
	expect(parseManifest(proposal.manifest, "sluice.yaml").service).toBe(proposal.service);
	await expect(golden(proposal)).toMatchFileSnapshot(`golden/${name}.txt`);
});

test.each(nonsense)(
	"$name ends in a sentence, within five seconds",
	({ source, says }) => {
		const began = performance.now();
		const proposal = propose(source);
		expect(performance.now() - began).toBeLessThan(5_000);
		expect([...proposal.notes, ...proposal.questions.map(({ sentence }) => sentence)].join("\n")).toContain(says);
		expect(parseManifest(proposal.manifest, "sluice.yaml").service).toBe(proposal.service);
	},
	20_000,
);

test("a value that looks like a secret is never copied", () => {
	const secrets = {
		DB_PASSWORD: "hunter2",
		DATABASE_URL: "postgres://app:hunter2@db/app",
		STRIPE_KEY: "sk_live_0123456789abcdef",
		GITHUB_TOKEN: "ghp_0123456789abcdef0123",
		jwt_secret: "hunter2",
		CERT: "-----BEGIN CERTIFICATE-----hunter2",
		SESSION: "0123456789abcdef0123456789abcdef",
	};
	const lines = Object.entries(secrets).map(([name, value]) => `      ${name}: ${JSON.stringify(value)}`);
	const compose = ["services:", "  x:", "    build: .", "    environment:", ...lines, "      TIMEOUT: 5s"].join("\n");
	const { manifest, values } = propose({
		...plain("FROM a\n"),
		files: [{ path: "compose.yaml", text: compose }, dockerfile("FROM a\n")],
	});
	for (const [name, value] of Object.entries(secrets)) {
		expect(manifest).toContain(`${name}: \${secret.${name}}`);
		expect(`${manifest}${JSON.stringify(values)}`).not.toContain(value);
	}
	expect(manifest).toContain("TIMEOUT: 5s");
	const env = Object.entries({ ...secrets, TIMEOUT: "5s" }).map(([name, value]) => ({ name, value }));
	const spec = { template: { spec: { containers: [{ image: "x", env }] } } };
	const applied = { path: "k8s/x.yaml", text: JSON.stringify({ kind: "Deployment", metadata: { name: "x" }, spec }) };
	const proposed = propose({ ...plain(""), files: [applied, dockerfile("FROM a\n")] });
	for (const [name, value] of Object.entries(secrets)) {
		expect(proposed.manifest).toContain(`${name}: \${secret.${name}}`);
		expect(JSON.stringify(proposed)).not.toContain(value);
	}
	expect(proposed.manifest).toContain("TIMEOUT: 5s");
});

test("a command that holds a secret is left out", () => {
	const ofCommand = (...command: string[]) => {
		const spec = { template: { spec: { containers: [{ image: "x", command }] } } };
		const text = JSON.stringify({ kind: "Deployment", metadata: { name: "x" }, spec });
		const proposal = propose({ ...plain(""), files: [{ path: "k8s/x.yaml", text }, dockerfile("FROM a\n")] });
		return parseManifest(proposal.manifest, "sluice.yaml").environments.staging?.command ?? proposal.notes.join("\n");
	};
	const said = expect.stringContaining("k8s/x.yaml:1: the command holds what looks like a secret and is left out");
	for (const words of [["--db-password=hunter2"], ["--api-token", "hunter2"], ["postgres://app:hunter2@db/app"], ["PASSWORD=x"]])
		expect(ofCommand("./app", ...words)).toEqual(said);
	expect(ofCommand("./app", "--port=9000", "--token-file", "/run/token")).toEqual([
		"./app",
		"--port=9000",
		"--token-file",
		"/run/token",
	]);
});

test("an answer takes the place of what was proposed, and its question is no longer open", () => {
	const source = plain("FROM a\n");
	const before = propose(source);
	expect(before.questions.filter(({ isOpen }) => isOpen).map(({ key }) => key)).toEqual(["owner", "port", "healthPath"]);
	const answers = { name: "mail", owner: "Post", port: "50051", "protocol.50051": "h2c" };
	const after = propose(source, answers);
	const manifest = parseManifest(after.manifest, "sluice.yaml");
	expect(manifest).toMatchObject({ service: "mail", owner: "Post" });
	expect(manifest.environments.staging?.ports).toEqual([{ name: "grpc", port: 50_051, targetPort: 50_051, protocol: "h2c" }]);
	expect(after.questions.filter(({ isOpen }) => isOpen)).toEqual([]);
});

test("of several workloads none is taken until a person says which, and none of them may be said too", () => {
	const source = repositories["kubernetes-one-image-twice"];
	if (!source) throw new Error("There is no such fixture.");
	const asked = (answers: Answers) => {
		const { manifest, questions } = propose(source, answers);
		const { ports, health } = parseManifest(manifest, "sluice.yaml").environments.staging ?? {};
		return { port: ports?.[0]?.targetPort, path: health?.path, open: questions.find(({ key }) => key === "workload")?.isOpen };
	};
	expect(asked({})).toEqual({ port: 8080, path: "", open: true });
	expect(asked({ workload: "somebody" })).toEqual({ port: 8080, path: "", open: true });
	expect(asked({ workload: "none" })).toEqual({ port: 8080, path: "", open: false });
	expect(asked({ workload: "web" })).toEqual({ port: 3000, path: "/ready", open: false });
});

test("a container's port that the Dockerfile does not expose is asked, unless another one is exposed", () => {
	const deployment = (...ports: number[]) => ({
		path: "app.yaml",
		text: JSON.stringify({
			kind: "Deployment",
			metadata: { name: "x" },
			spec: { template: { spec: { containers: [{ image: "x", ports: ports.map((containerPort) => ({ containerPort })) }] } } },
		}),
	});
	const asked = (...ports: number[]) =>
		propose({ ...plain(""), files: [dockerfile("FROM a\nEXPOSE 8080\n"), deployment(...ports)] }).questions.find(
			({ key }) => key === "port",
		);
	expect(asked(3000)).toMatchObject({ proposed: "3000", choices: ["8080", "3000"] });
	expect(asked(3000)?.sentence).toContain("app.yaml:1 runs it on port 3000");
	expect(asked(3000, 8080)).toBeUndefined();
});

test("production takes a release by canary, unless a person says rolling, it speaks a protocol of its own, or it has a volume", () => {
	const strategy = (text: string, answers = {}) =>
		parseManifest(propose(plain(text), answers).manifest, "sluice.yaml").environments.production?.strategy.kind;
	expect(strategy("FROM a\nEXPOSE 8080\n")).toBe("canary");
	expect(strategy("FROM a\nEXPOSE 8080\n", { strategy: "rolling" })).toBe("rolling");
	expect(strategy("FROM a\nEXPOSE 6379\n")).toBe("rolling");
	const album = repositories["compose-volumes"];
	if (!album) throw new Error("There is no such fixture.");
	const { manifest, questions, notes: told } = propose(album, { strategy: "canary" });
	const production = parseManifest(manifest, "sluice.yaml").environments.production;
	expect(production).toMatchObject({ instances: 1, strategy: { kind: "recreate" } });
	expect(questions.map(({ key }) => key)).not.toContain("strategy");
	expect(told.join("\n")).toContain('"canary" is no strategy that an import proposes: it is recreate.');
	const { notes } = propose(plain("FROM a\nEXPOSE 8080\n"), { strategy: "by magic" });
	expect(notes.join("\n")).toContain('"by magic" is no strategy');
});

test("an image that would be replaced is told with its line and its base, and hub in the manifest forbids it", () => {
	const text = "ARG V=3.12\nFROM --platform=$BUILDPLATFORM python:$V-slim AS a\nFROM rust:1.80\nCOPY --from=a /x /x\n";
	const { bases, questions } = propose(plain(text));
	expect(bases.map(({ image, base, at }) => [image, base, placeText(at)])).toEqual([
		["python:3.12-slim", "python", "Dockerfile:2"],
		["rust:1.80", null, "Dockerfile:3"],
	]);
	expect(questions.find(({ key }) => key === "baseImages")).toMatchObject({ proposed: "substitute", isOpen: false });
	const build = (answers: Answers) => parseManifest(propose(plain(text), answers).manifest, "sluice.yaml").build;
	expect(build({})).not.toHaveProperty("baseImages");
	expect(build({ baseImages: "hub" })).toMatchObject({ baseImages: "hub" });
	expect(propose(plain(text), { baseImages: "mine" }).notes.join("\n")).toContain('"mine" is no word for base images');
	expect(propose(plain("FROM scratch\nEXPOSE 80\n")).questions.map(({ key }) => key)).not.toContain("baseImages");
});

test("a wrong answer is told, and what was proposed stays", () => {
	const { notes, questions, manifest } = propose(plain("FROM a\n"), { port: "a lot", healthPath: "no path", name: "../x" });
	expect(notes.slice(0, 3).join("\n")).toMatch(/"\.\.\/x" cannot be a name[\s\S]*"no path" is no path/);
	expect(notes.join("\n")).toContain('"a lot" is no port');
	expect(questions.every(({ key, isOpen }) => isOpen || key === "strategy" || key === "baseImages")).toBe(true);
	expect(parseManifest(manifest, "sluice.yaml").service).toBe("x");
});

test("property: whatever the files say, what is proposed is a manifest that holds all of it", () => {
	fc.assert(
		fc.property(anySource, anyAnswers, (source, answers) => {
			const { manifest, service, notes } = propose(source, answers);
			expect(parseManifest(manifest, "sluice.yaml").service).toBe(service);
			expect(notes.filter((note) => note.includes("cannot all be in a manifest"))).toEqual([]);
		}),
		{ numRuns: Number(process.env.SLUICE_RUNS ?? 100) },
	);
}, 60_000);

function dockerfile(text: string) {
	return { path: "Dockerfile", text };
}

function plain(text: string): ImportSource {
	return { repository: "x", files: [dockerfile(text)], paths: ["Dockerfile"], mentions: [] };
}

const word = fc.oneof(
	fc.string({ maxLength: 20, unit: "binary" }),
	fc.constantFrom("http", "8080", `$\{A}`, "\n", "'", '"', "no", "null", "~", "1e3", "- x", "# y", "a: b"),
);
const port = fc.oneof(fc.integer({ min: -1, max: 70_000 }).map(String), word);
const instruction = fc.oneof(
	port.map((text) => `EXPOSE ${text}`),
	fc.tuple(word, word).map(([name, value]) => `ENV ${name}=${value}`),
	port.map((text) => `ENV PORT=${text}`),
	fc.tuple(port, word).map(([number, path]) => `HEALTHCHECK CMD curl http://localhost:${number}/${path}`),
	word.map((text) => `HEALTHCHECK CMD ["grpc_health_probe", "-addr=:${text}"]`),
	word.map((text) => `FROM ${text} AS ${text}`),
	word.map((text) => `CMD ["${text}", "--port", "9000"]`),
	word,
);
const anyDockerfile = fc.array(instruction, { maxLength: 12 }).map((lines) => ["FROM a", ...lines].join("\n"));
/** JSON is YAML: any shape at all, under the keys that are read. */
const anyCompose = fc
	.record({
		build: fc.oneof(word, fc.record({ context: word, dockerfile: word, target: word }, { requiredKeys: [] })),
		ports: fc.oneof(fc.array(port), fc.jsonValue({ maxDepth: 2 })),
		environment: fc.oneof(fc.dictionary(word, word), fc.array(word), fc.jsonValue({ maxDepth: 2 })),
		entrypoint: fc.oneof(word, fc.array(word)),
		volumes: fc.array(
			fc.oneof(
				fc.tuple(word, word).map(([name, path]) => `${name}:/${path}`),
				fc.jsonValue({ maxDepth: 2 }),
			),
		),
		deploy: fc.record({ replicas: word, resources: fc.record({ limits: fc.record({ memory: word, cpus: word }) }) }),
		healthcheck: fc.record({ test: fc.oneof(word, fc.array(word)) }),
	})
	.map((service) => JSON.stringify({ services: { x: service } }));
const anyScore = fc
	.record({
		metadata: fc.record({ name: word }),
		containers: fc.dictionary(
			word,
			fc.record({
				command: fc.array(word),
				args: fc.array(word),
				variables: fc.dictionary(word, word),
				resources: fc.record({ limits: fc.record({ memory: word, cpu: word }) }),
				readinessProbe: fc.record({ httpGet: fc.record({ path: word, port }) }),
			}),
		),
		service: fc.record({ ports: fc.dictionary(word, fc.record({ port, targetPort: port })) }),
	})
	.map((workload) => JSON.stringify({ apiVersion: "score.dev/v1b1", ...workload }));
const anyKubernetes = fc
	.record({
		name: word,
		kind: fc.constantFrom("Deployment", "StatefulSet"),
		replicas: word,
		container: fc.record(
			{
				image: fc.oneof(word, fc.constantFrom("x", "redis:7", "a/x:1")),
				name: word,
				ports: fc.oneof(fc.array(fc.record({ containerPort: port, name: word, protocol: word })), fc.jsonValue({ maxDepth: 2 })),
				env: fc.array(fc.record({ name: word, value: word })),
				command: fc.array(word),
				args: fc.array(word),
				resources: fc.record({ limits: fc.record({ memory: word, cpu: word }), requests: fc.jsonValue({ maxDepth: 2 }) }),
				readinessProbe: fc.oneof(
					fc.record({ httpGet: fc.record({ path: word, port }) }),
					fc.record({ grpc: fc.record({ port }) }),
					fc.record({ exec: fc.record({ command: fc.array(word) }) }),
				),
			},
			{ requiredKeys: ["image"] },
		),
		service: fc.array(fc.record({ port, targetPort: port, name: word, appProtocol: word })),
	})
	.map(({ name, kind, replicas, container, service }) => {
		const spec = { template: { metadata: { labels: { app: "x" } }, spec: { containers: [container] } } };
		return [
			JSON.stringify({ kind, metadata: { name }, spec: { replicas, ...spec } }),
			JSON.stringify({ kind: "Service", metadata: { name }, spec: { selector: { app: "x" }, ports: service } }),
		].join("\n---\n");
	});
const anyCatalog = fc
	.record({
		metadata: fc.record({ name: word, description: word }),
		spec: fc.record({ owner: word, system: word, type: word, lifecycle: word }),
	})
	.map((component) => JSON.stringify({ kind: "Component", ...component }));
const maybe = (path: string, text: fc.Arbitrary<string>) =>
	fc.option(
		text.map((value) => ({ path, text: value })),
		{ nil: null },
	);
const anySource: fc.Arbitrary<ImportSource> = fc
	.tuple(
		maybe("Dockerfile", anyDockerfile),
		maybe("compose.yaml", fc.oneof(anyCompose, word)),
		maybe("score.yaml", fc.oneof(anyScore, word)),
		maybe("k8s/x.yaml", anyKubernetes),
		maybe("app.yaml", fc.oneof(anyKubernetes, word)),
		maybe("catalog-info.yaml", fc.oneof(anyCatalog, word)),
		maybe("package.json", word),
	)
	.map((files) => {
		const there = files.filter((file) => file !== null);
		return { repository: "x", files: there, paths: there.map(({ path }) => path), mentions: [] };
	});
const anyAnswers = fc.dictionary(
	fc.constantFrom("name", "owner", "description", "port", "healthPath", "dockerfile", "workload", "protocol.8080"),
	word,
);
