import { describe, expect, test } from "vitest";
import { diffEntries } from "@/domain/config/diff";
import { whyNotConfigure } from "@/domain/config/gate";
import type { ConfigEntries, ConfigEntry } from "@/domain/config/model";
import { checkReferences, withoutReferencePlaces } from "@/domain/config/reference";
import { checkChanges, checkEntries, effectiveChanges, longestValueBytes } from "@/domain/config/rules";
import type { AppError } from "@/domain/errors";
import { parseManifest } from "@/domain/manifest/parse";
import { canonicalJson } from "@/domain/rollout/canonical-json";
import { intentHash, makePlan } from "@/domain/rollout/plan";

const plain = (value: string): ConfigEntry => ({ kind: "plain", value });
const secret = (secretId: string, version = 1, hasLines = false): ConfigEntry => ({
	kind: "secret",
	secretId,
	version,
	hasLines,
});

function manifestWith(environment: string, variables = ""): string {
	return `apiVersion: score.dev/v1b1
metadata: {name: orders}
containers:
  main:
    image: .
    variables: {MODE: fast${variables}}
service:
  ports:
    http: {port: 8080}
---
apiVersion: sluice.dev/v1
kind: Delivery
metadata: {name: orders}
environments:
  staging:
${environment}
`;
}

const text = manifestWith(`    variables:
      LOG_LEVEL: \${config.LOG_LEVEL}
      API_KEY: \${secret.API_KEY}
      PLAIN: "1"
    files:
      /run/secrets/tls.key: \${secret.TLS_KEY}`);

describe("references of a manifest", () => {
	test("name entries with their places, and are no variables themselves", () => {
		const workload = parseManifest(text, "sluice.yaml").environments.staging;
		expect(workload?.variables).toEqual({ MODE: "fast", PLAIN: "1" });
		expect(workload?.references).toEqual({
			variables: {
				LOG_LEVEL: { source: "config", name: "LOG_LEVEL", at: { file: "sluice.yaml", line: 17, column: 7 } },
				API_KEY: { source: "secret", name: "API_KEY", at: { file: "sluice.yaml", line: 18, column: 7 } },
			},
			files: { "/run/secrets/tls.key": { source: "secret", name: "TLS_KEY", at: { file: "sluice.yaml", line: 21, column: 7 } } },
		});
	});

	test("a manifest without any is what it was before there were references", () => {
		expect(parseManifest(manifestWith("    instances: 1"), "sluice.yaml").environments.staging).not.toHaveProperty("references");
	});

	test("a reference is a whole value, in a Delivery's environment, and a file's content is always one", () => {
		const problemOf = (manifest: string) => {
			try {
				parseManifest(manifest, "sluice.yaml");
			} catch (error) {
				return (error as Error).message;
			}
			return "";
		};
		expect(problemOf(manifestWith(`    variables: {URL: 'http://\${config.HOST}/'}`))).toMatch(
			/^sluice.yaml:16:17: URL: a reference is the whole/,
		);
		expect(problemOf(manifestWith("    files: {/run/secrets/key: abc}"))).toMatch(/^sluice.yaml:16:13: .* never written here/);
		expect(problemOf(manifestWith("    instances: 1", `, KEY: '\${secret.KEY}'`))).toMatch(
			/^sluice.yaml:6:29: KEY names the configuration/,
		);
		for (const path of ["run/secrets/key", "/run/../etc/passwd", "/proc/self/x", "/key", "/run//key"]) {
			expect(problemOf(manifestWith(`    files: {${path}: "\${secret.KEY}"}`))).toContain("cannot be a name here");
		}
	});

	test("one that nothing answers is told with its place and what to do", () => {
		const workload = parseManifest(text, "sluice.yaml").environments.staging;
		if (!workload) throw new Error("no staging");
		const where = { service: "orders", environment: "staging" };
		const check = (entries: ConfigEntries) => {
			try {
				checkReferences(workload, entries, where);
			} catch (error) {
				return (error as AppError).message.split("\n");
			}
			return [];
		};
		const answered = { LOG_LEVEL: plain("info"), API_KEY: secret("1"), TLS_KEY: secret("2", 1, true) };
		expect(check(answered)).toEqual([]);
		expect(check({ LOG_LEVEL: plain("info"), TLS_KEY: secret("2") })).toEqual([
			"sluice.yaml:18:7: the configuration of orders in staging has no secret API_KEY: set it with `sluice config set orders API_KEY --secret --env staging`",
		]);
		expect(check({ ...answered, LOG_LEVEL: secret("3") })[0]).toContain(
			`17:7: LOG_LEVEL is a secret in staging: write \${secret.LOG_LEVEL}`,
		);
		expect(check({ ...answered, API_KEY: plain("x") })[0]).toContain(`write \${config.API_KEY}`);
		expect(check({ ...answered, API_KEY: secret("1", 1, true) })[0]).toContain("has line ends");
		expect(check({ ...answered, LOG_LEVEL: plain("a\nb") })[0]).toContain("put it under files");
	});

	test("moved to other lines they make no new release; the configuration's version is part of what is approved", () => {
		const manifest = parseManifest(text, "sluice.yaml");
		const moved = parseManifest(`# one line more\n${text}`, "sluice.yaml");
		expect(canonicalJson(moved)).not.toBe(canonicalJson(manifest));
		expect(canonicalJson(withoutReferencePlaces(moved))).toBe(canonicalJson(withoutReferencePlaces(manifest)));
		const hashOf = (version: number, from = manifest) => {
			const to = { id: "r", number: 1, repository: "orders", digest: "d", manifest: from, config: { staging: version } };
			return intentHash(
				makePlan({
					service: "orders",
					environment: "staging",
					from: null,
					to,
					kind: "release",
					instances: { from: null, to: null },
					startRevision: 0,
				}),
				(json) => json,
			);
		};
		expect(hashOf(1, moved)).toBe(hashOf(1));
		expect(hashOf(2)).not.toBe(hashOf(1));
	});
});

describe("changing configuration", () => {
	const refusal = (work: () => void) => {
		try {
			work();
		} catch (error) {
			return (error as AppError).message;
		}
		return null;
	};
	const set = (name: string, value: string, kind: "plain" | "secret" = "plain") => [{ kind, name, value }];

	test("names are those of variables", () => {
		for (const name of ["A", "_x9", "LOG_LEVEL"]) expect(refusal(() => checkChanges(set(name, ""), {}))).toBeNull();
		for (const name of ["9A", "a-b", "a.b", "", "A B", "A=B", "Ä", "A\n", "x".repeat(101)]) {
			expect(refusal(() => checkChanges(set(name, ""), {}))).toContain("cannot be a name");
		}
	});

	test("refusals name the entry, never its value", () => {
		const value = `planted${"x".repeat(longestValueBytes)}`;
		for (const sentence of [
			refusal(() => checkChanges(set("KEY", value, "secret"), {})),
			refusal(() => checkChanges(set("KEY", "planted\0", "secret"), {})),
			refusal(() => checkChanges([...set("KEY", "planted"), ...set("KEY", "planted")], {})),
			refusal(() => checkChanges([{ kind: "remove", name: "KEY" }], {})),
		]) {
			expect(sentence).toContain("KEY");
			expect(sentence).not.toContain("planted");
		}
		expect(refusal(() => checkChanges([], {}))).toContain("Nothing is changed");
	});

	test("a value is counted in bytes, and so is the whole", () => {
		expect(refusal(() => checkChanges(set("A", "ä".repeat(longestValueBytes / 2)), {}))).toBeNull();
		expect(refusal(() => checkChanges(set("A", "ä".repeat(longestValueBytes / 2 + 1)), {}))).toContain("larger than 64 kB");
		const entries = Object.fromEntries(Array.from({ length: 5 }, (_, index) => [`A${index}`, plain("x".repeat(60 * 1024))]));
		expect(refusal(() => checkEntries(entries))).toContain("256 kB");
		const many = Object.fromEntries(Array.from({ length: 201 }, (_, index) => [`A${index}`, plain("")]));
		expect(refusal(() => checkEntries(many))).toContain("201 entries");
	});

	test("setting what is set already is no change; a secret always is one", () => {
		const now = { A: plain("1"), B: secret("1") };
		expect(effectiveChanges([...set("A", "1"), ...set("B", "1", "secret")], now)).toEqual(set("B", "1", "secret"));
	});

	test("two versions differ by value, secrets by which value it is", () => {
		const before = { SAME: plain("1"), OLD: plain("x"), KEY: secret("1", 1), LEVEL: plain("info") };
		const after = { SAME: plain("1"), NEW: plain("y"), KEY: secret("2", 2), LEVEL: plain("debug") };
		expect(diffEntries(before, after).map(({ name, change }) => `${change} ${name}`)).toEqual([
			"changed KEY",
			"changed LEVEL",
			"added NEW",
			"removed OLD",
		]);
		expect(diffEntries(after, after)).toEqual([]);
	});

	test("production is an operator's", () => {
		const developer = { role: "developer", name: "mei" } as const;
		expect(whyNotConfigure(developer, { name: "staging", isPrimary: false })).toBeNull();
		expect(whyNotConfigure(developer, { name: "production", isPrimary: true })).toContain("needs the role operator");
		expect(whyNotConfigure(developer, { name: "live", isPrimary: true })).toContain("needs the role operator");
		expect(whyNotConfigure({ role: "operator", name: "ada" }, { name: "production", isPrimary: true })).toBeNull();
		expect(whyNotConfigure({ role: "viewer", name: "tom" }, { name: "staging", isPrimary: false })).toContain("developer");
	});
});
