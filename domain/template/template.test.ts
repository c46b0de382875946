import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readTemplate, templateNames } from "@/adapters/template/read";
import { parseManifest } from "@/domain/manifest/parse";
import { parseTemplate } from "@/domain/template/parse";
import { renderTemplate } from "@/domain/template/render";
import { checkValues, defaultValues, readValues } from "@/domain/template/values";

const folder = new URL("../../templates", import.meta.url).pathname;
const names = templateNames(folder);

test("there are templates", () => expect(names).toContain("typescript-http"));

describe.each(names)("the template %s", (name) => {
	const template = readTemplate(folder, name);
	const render = (values: Record<string, string | number>) => renderTemplate(template, values);
	const own = render({ name: "orders", owner: "shop" });
	const textOf = (path: string) => own.find((file) => file.path === path)?.text ?? "";

	test("renders with its defaults to the tree that is kept beside this test", async () => {
		const tree = own.map(({ path, text, isExecutable }) => {
			const before = template.files.find((file) => file.path === path)?.text ?? "";
			const lines = text.split("\n").filter((line) => !before.split("\n").includes(line));
			return [`${path}${isExecutable ? " (executable)" : ""}`, ...lines.map((line) => `  + ${line}`)].join("\n");
		});
		await expect(`${tree.join("\n")}\n`).toMatchFileSnapshot(`golden/${name}.golden`);
	});

	test("keeps nothing of its own name where a name is meant, and its manifest is right", () => {
		const manifest = parseManifest(textOf("sluice.yaml"), "sluice.yaml");
		expect(manifest).toMatchObject({ service: "orders", owner: "shop" });
		const was = parseManifest(template.files.find(({ path }) => path === "sluice.yaml")?.text ?? "", "sluice.yaml").service;
		const named = new RegExp(`name:? ?"?${was}"?|service: "${was}"`);
		expect(own.filter(({ text }) => named.test(text)).map(({ path }) => path)).toEqual([]);
		expect(own.map(({ path }) => path)).not.toContain("template.yaml");
		expect(textOf(template.definition.firstChange.file)).not.toBe("");
	});

	test("any description and owner that the form takes make a manifest that says them", () => {
		const { fields } = template.definition;
		fc.assert(
			fc.property(fc.string({ maxLength: 60 }), fc.constantFrom("shop", "Mei Lin", "Ünï.c-ode", "a@b"), (description, owner) => {
				const values = { ...defaultValues(fields), name: "orders", description, owner };
				fc.pre(checkValues(fields, values).length === 0);
				const text = render(values).find(({ path }) => path === "sluice.yaml")?.text ?? "";
				expect(parseManifest(text, "sluice.yaml")).toMatchObject({ service: "orders", description, owner });
			}),
		);
	});
});

// A Node.js of its own compiles and runs them: on a loaded machine the usual 5 s are short.
test("the service that the TypeScript template makes passes its own tests", { timeout: 60_000 }, async () => {
	const place = mkdtempSync(join(tmpdir(), "sluice-template-"));
	try {
		for (const { path, text } of renderTemplate(readTemplate(folder, "typescript-http"), { name: "orders", owner: "shop" })) {
			mkdirSync(dirname(join(place, path)), { recursive: true });
			writeFileSync(join(place, path), text);
		}
		// Through tsx: the check runs on a Node.js that may not read TypeScript by itself.
		const argv = ["--import", import.meta.resolve("tsx"), "--test", "--test-reporter", "tap", "test/server.test.ts"];
		const env = { PATH: process.env.PATH, NODE_ENV: "test" } as const;
		const { stdout } = await promisify(execFile)(process.execPath, argv, { cwd: place, env });
		expect(stdout).toMatch(/# pass [1-9]\d*\n# fail 0/);
	} finally {
		rmSync(place, { recursive: true, force: true });
	}
});

const form = `
title: T
description: "a\\nb\\nc\\nd"
gives: [x]
firstChange: { file: a, sentence: b }
form:
  type: object
  required: [name]
  properties:
    name: { type: string, title: Name }
    description: { type: string, title: Description, default: d }
    owner: { type: string, title: Owner, default: o, enum: [o, p] }
    port: { type: integer, title: Port, default: 80, minimum: 1, maximum: 99 }
`;
const parsed = parseTemplate(
	"t",
	`${form}replacements: [{ file: a, from: x, to: "\${name}" }, { file: a, from: xy, to: "\${port}" }]`,
);
const made = (text: string) => ({ definition: parsed, files: [{ path: "a", text, isExecutable: false }] });

test("a definition with an unknown key, three lines, or without a common field is refused by name", () => {
	expect(() => parseTemplate("t", `${form}replacements: []\nmore: 1`)).toThrow("additional properties");
	expect(() => parseTemplate("t", `${form.replace("c\\nd", "c")}replacements: []`)).toThrow("/description");
	expect(() => parseTemplate("t", `${form.replace("owner:", "other:")}replacements: []`)).toThrow("no owner");
});

test("a value that looks like a placeholder stays as it was typed, and the longer match wins", () => {
	const [file] = renderTemplate(made("x xy z"), { name: "xy", port: 7 });
	expect(file?.text).toBe("xy 7 z");
});

test("a replacement that finds nothing is an error: templates change, and a name must not stay behind", () => {
	expect(() => renderTemplate(made("x only"), { name: "orders" })).toThrow('replaces "xy" in a');
});

test("each wrong value is told by its field", () => {
	const problems = (values: Record<string, string | number>) =>
		checkValues(parsed.fields, { ...defaultValues(parsed.fields), ...values }).map(({ key, kind }) => `${key} ${kind}`);
	expect(problems({})).toEqual(["name missing"]);
	expect(problems({ name: "Not A Slug" })).toEqual(["name form"]);
	expect(problems({ name: "a", owner: "q", port: 100, more: "1" })).toEqual(["more unknown", "owner choice", "port range"]);
	expect(problems({ name: "a", port: "80", description: "two\nlines" })).toEqual(["description form", "port range"]);
	expect(readValues(parsed.fields, { name: "5", port: "81" })).toEqual({ name: "5", port: 81 });
});
