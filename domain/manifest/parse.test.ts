import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppError } from "@/domain/errors";
import { parseManifest } from "./parse";

const workload = `apiVersion: score.dev/v1b1
metadata:
  name: orders
containers:
  main:
    image: .
service:
  ports:
    http: {port: 8080}
`;

/** The Delivery begins at line 11 of the manifest. */
const delivery = (...lines: string[]) => `${workload}---
apiVersion: sluice.dev/v1
kind: Delivery
metadata: {name: orders}
${lines.join("\n")}
`;

/** What is wrong, without the file's name; "" = nothing is. */
function problemsOf(text: string): string {
	try {
		parseManifest(text, "sluice.yaml");
		return "";
	} catch (error) {
		if (!(error instanceof AppError) || error.code !== "invalid") throw error;
		const lines = error.message.split("\n");
		for (const line of lines) expect(line).toMatch(/^sluice\.yaml:\d+:\d+: \S/);
		return lines.map((line) => line.slice("sluice.yaml:".length)).join("\n");
	}
}

describe("a manifest", () => {
	it("is a workload alone, and then has both environments and defaults", () => {
		const manifest = parseManifest(workload, "sluice.yaml");
		expect(manifest).toMatchObject({ service: "orders" });
		expect(Object.keys(manifest.environments)).toEqual(["staging", "production"]);
	});

	it("may take a connection as healthy, for what answers no plain GET", () => {
		const { environments } = parseManifest(delivery("health: {tcp: http}", "environments: {staging: {}}"), "sluice.yaml");
		expect(environments.staging?.health).toEqual({ kind: "tcp", port: "http", path: "" });
		expect(environments.staging?.exposed).toBe(true);
	});

	it("that names an image builds nothing", () => {
		const text = workload.replace("image: .", "image: postgres:16");
		expect(parseManifest(text, "sluice.yaml")).toMatchObject({ image: "postgres:16", build: null });
		expect(parseManifest(workload, "sluice.yaml")).not.toHaveProperty("image");
		const built = delivery("build: {context: .}").replace("image: .", "image: registry.example/orders:dev");
		expect(parseManifest(built, "sluice.yaml")).toMatchObject({ build: { context: "." } });
	});

	const holding = (volumes: string, ...lines: string[]) =>
		delivery(...lines).replace(
			"    image: .\n",
			`    image: redis:8\n    volumes: ${volumes}\nresources: {data: {type: volume}}\n`,
		);
	const data = `[{source: '\${resources.data}', target: /data}]`;

	it("mounts volumes in either of Score's ways, where one release takes the other's place", () => {
		const volumes = [{ name: "data", target: "/data", readOnly: false }];
		const recreate = { strategy: { kind: "recreate" }, volumes };
		for (const written of [data, `{/data: {source: '\${resources.data}'}}`])
			expect(parseManifest(holding(written, "strategy: {recreate: {}}"), "sluice.yaml").environments.staging).toMatchObject(
				recreate,
			);
		const readOnly = holding(`[{source: '\${resources.data}', target: /data, readOnly: true}]`, "strategy: {recreate: {}}");
		expect(parseManifest(readOnly, "sluice.yaml").environments.staging?.volumes).toEqual([{ ...volumes[0], readOnly: true }]);
		expect(parseManifest(workload, "sluice.yaml").environments.staging).not.toHaveProperty("volumes");
	});

	const canary = (step: string) => delivery("strategy:", "  canary:", "    steps:", `      - ${step}`);
	const bad: readonly (readonly [what: string, text: string, said: string | RegExp])[] = [
		["an unknown key", delivery("enviroments: {staging: {}}"), '14:1: unknown key "enviroments"; did you mean "environments"?'],
		[
			"an unknown key deep inside",
			delivery("environments:", "  staging: {replicas: 3}"),
			/^15:13: unknown key "replicas"; known here: instances, /,
		],
		["a connection to no port", delivery("health: {tcp: grpc}"), '14:10: the workload has no port "grpc"'],
		[
			"two health checks",
			delivery("health: {tcp: http}").replace("image: .", "readinessProbe: {httpGet: {path: /, port: 8080}}"),
			/^14:1: health\.tcp asks nothing over HTTP/,
		],
		["a key twice", delivery("expose: true", "expose: false"), /^15:1: Map keys must be unique/],
		["a weight over 100", canary("setWeight: 101"), "17:20: setWeight must be <= 100"],
		["a weight below 0", canary("setWeight: -1"), "17:20: setWeight must be >= 0"],
		["a weight that is no number", canary("setWeight: half"), "17:20: setWeight must be number"],
		["a step that is two", canary("{setWeight: 10, pause: {}}"), "17:9: steps[0] has more than 1 entry"],
		["a pause of no length", canary("pause: {duration: soon}"), '17:27: duration: "soon" has not the right form'],
		[
			"weights that fall",
			delivery("strategy:", "  canary:", "    steps:", "      - setWeight: 50", "      - setWeight: 10"),
			"18:9: step 2 sets the weight to 10 after 50: weights only rise",
		],
		[
			"an analysis of nothing",
			canary("analysis: {}"),
			"17:9: step 1 is an analysis, and nothing says what to measure: add `analysis` with metrics",
		],
		[
			"an unknown metric",
			delivery("analysis:", "  metrics:", "    error-rate: {max: 1%}"),
			/^16:5: unknown key "error-rate"; known here: success-rate, latency-p50, /,
		],
		["a metric without a limit", delivery("analysis:", "  metrics:", "    success-rate: {}"), /^16:/],
		["two strategies", delivery("strategy: {rolling: {}, canary: {steps: [{setWeight: 10}]}}"), /^14:/],
		[
			"a batch larger than the service",
			delivery("environments:", "  staging:", "    instances: 2", "    strategy: {rolling: {maxSurge: 5}}"),
			"17:26: maxSurge is 5, and staging has 2 instances: a batch is at most all of them",
		],
		[
			"no room to move",
			delivery("environments:", "  staging:", "    strategy: {rolling: {maxSurge: 0, maxUnavailable: 0}}"),
			"16:16: with maxSurge and maxUnavailable both 0 nothing could ever move in staging",
		],
		[
			"an environment that follows nobody",
			delivery("environments:", "  production: {after: stagin}"),
			"15:16: production follows stagin, which is not one of the environments",
		],
		[
			"environments in a circle",
			delivery("environments:", "  a: {after: b}", "  b: {after: a}"),
			"15:7: a follows b, which follows a in the end\n16:7: b follows a, which follows b in the end",
		],
		[
			"a role that nobody has",
			delivery("environments:", "  staging: {approvals: {role: boss}}"),
			/^15:31: role is one of developer, approver, operator, admin, not "boss"$/,
		],
		["no port", workload.replace("{port: 8080}", "{}"), /http needs "port"/],
		["a name that is no name", workload.replace("name: orders", "name: ../etc"), /^3:3: "\.\.\/etc" cannot be a service's name/],
		[
			"a dockerfile outside",
			delivery("build: {dockerfile: ../Dockerfile}"),
			'14:21: dockerfile: "../Dockerfile" has not the right form',
		],
		[
			"a variable with a line end",
			delivery("environments:", "  staging:", '    variables: {A: "x\\ny"}'),
			/^16:17: the variable A has a line end or a NUL in it/,
		],
		[
			"a volume and rolling",
			holding(data, "strategy: {rolling: {}}"),
			'16:12: rolling runs two releases at once, and the volume "data" is held by one instance: write `strategy: {recreate: {}}`',
		],
		[
			"a volume and a canary in one environment",
			holding(
				data,
				"environments: {staging: {strategy: {canary: {steps: [{setWeight: 10}]}}}, production: {strategy: {recreate: {}}}}",
			),
			/^16:37: canary runs two releases at once/,
		],
		[
			"a volume and no word of downtime",
			holding(data),
			/^7:15: the volume "data" is held by one instance, so nothing serves while it changes hands: declare that with `strategy: \{recreate: \{\}\}` in the Delivery$/,
		],
		[
			"a volume for two instances",
			holding(data, "strategy: {recreate: {}}", "environments: {staging: {instances: 2}}"),
			"17:26: staging asks for 2 instances, and a volume is held by one: write `instances: 1`",
		],
		[
			"a volume that is no resource",
			holding(`[{source: '\${resources.cache}', target: /data}]`, "strategy: {recreate: {}}"),
			'7:15: there is no resource "cache": add `resources: {cache: {type: volume}}`',
		],
		[
			"a volume within another",
			holding(
				`{/data: {source: '\${resources.data}'}, /data/logs: {source: '\${resources.logs}'}}`,
				"strategy: {recreate: {}}",
			).replace("resources: {", "resources: {logs: {type: volume}, "),
			"7:53: /data/logs and /data lie within each other",
		],
		[
			"a volume on the host's files",
			holding(`{/proc/1: {source: '\${resources.data}'}}`),
			/^7:15: "\/proc\/1" cannot be a name here$/m,
		],
		["a folder of the host", holding("[{source: /etc, target: /data}]"), '7:24: source: "/etc" has not the right form'],
		[
			"another kind of resource",
			holding(data).replace("type: volume", "type: postgres"),
			/^8:26: type is one of volume, not "postgres"$/,
		],
		[
			"an image that is none",
			workload.replace("image: .", "image: 'Postgres:16'"),
			/^6:5: "Postgres:16" is no image: write name:tag/,
		],
		[
			"tests of what is not built",
			delivery("test: {target: test, command: [npm, test]}").replace("image: .", "image: redis:8"),
			'14:1: redis:8 is not built here, so there is no stage "test" to test: remove `test`, or build it',
		],
		["a second workload", `${workload}---\n${workload}`, "10:1: there is a second workload; a manifest has one"],
		[
			"no workload",
			"apiVersion: sluice.dev/v1\nkind: Delivery\nmetadata: {name: a}\n",
			"1:1: there is no Score workload (apiVersion score.dev/v1b1)",
		],
		["nothing", "", "1:1: there is no Score workload (apiVersion score.dev/v1b1)"],
		["no YAML", "a: [1, 2\nb: }", /^2:\d+: /],
		["a list", "- a\n", /^1:1: a document here is a Backstage Component, a Score workload/],
		[
			"a bomb",
			`a: &a [x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 60 }, (_, index) => `b${index}: *a`).join("\n")}\n${workload}`,
			"1:1: too many aliases: write the values out",
		],
		["too much", `# ${"x".repeat(300_000)}`, "1:1: the manifest is larger than 256 kB"],
	];
	for (const [what, text, said] of bad) {
		it(`with ${what} is refused, and the place is named`, () => {
			if (typeof said === "string") expect(problemsOf(text)).toBe(said);
			else expect(problemsOf(text)).toMatch(said);
		});
	}

	it("of any text is read or refused with places, never anything else", () => {
		const line = fc.oneof(fc.string(), fc.constantFrom(...delivery("environments: {staging: {}}").split("\n")));
		fc.assert(fc.property(fc.array(line, { maxLength: 30 }), (lines) => void problemsOf(lines.join("\n"))));
	});
});
