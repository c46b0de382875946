import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, test } from "vitest";
import { needsOf } from "@/domain/policy/gate";
import made from "@/server/rest/answers.json" with { type: "json" };
import { openApiDocument } from "@/server/rest/document";
import { operations, type Procedure } from "@/server/rest/operations";
import { parametersOf } from "@/server/rest/routes";
import { inputOf, isChange } from "@/server/rest/schema";
import { appRouter } from "@/server/trpc/router";

const document = openApiDocument("http://localhost:27900");
const procedures = Object.keys(operations) as Procedure[];

test("the document is OpenAPI 3.1", async () => {
	const validator = new Validator();
	const result = await validator.validate(structuredClone(document));
	expect(result.errors ?? []).toEqual([]);
	expect([result.valid, validator.version]).toEqual([true, "3.1"]);
	const broken = await new Validator().validate({ ...structuredClone(document), paths: { "/x": { get: { parameters: [{}] } } } });
	expect(broken.valid).toBe(false);
});

test("every procedure has its operation, and no operation is left over", () => {
	expect(Object.keys(appRouter._def.procedures).sort()).toEqual([...procedures].sort());
	const described = Object.values(document.paths).flatMap((methods) => Object.values(methods));
	const ids = described.map((one) => (one as { operationId: string }).operationId);
	expect(ids.sort()).toEqual([...procedures, "rollout.events"].sort());
});

test("no two operations have one method and path, and what is in a path is required by the schema", () => {
	const places = procedures.map(
		(procedure) => `${operations[procedure].method} ${operations[procedure].path.replaceAll(/\{\w+\}/g, "{}")}`,
	);
	expect(new Set(places).size).toBe(places.length);
	for (const procedure of procedures) {
		const { properties, required } = inputOf(procedure);
		for (const name of parametersOf(operations[procedure].path)) {
			expect([procedure, name, required.includes(name), properties[name]?.type]).toEqual([
				...[procedure, name, true],
				["number", "release"].includes(name) ? "integer" : "string",
			]);
		}
	}
});

test("what changes something is no GET; what only asks is one, unless its question is too long for an address", () => {
	const asked = procedures.filter((procedure) => operations[procedure].method !== "GET" && !isChange(procedure));
	expect(asked).toEqual(["manifest.check", "import.propose", "template.preview"]);
	expect(procedures.filter((procedure) => operations[procedure].method === "GET" && isChange(procedure))).toEqual([]);
});

test("each operation says what it asks of its token, as the gate does", () => {
	const { get } = document.paths["/audit"] as { get: object };
	expect(get).toMatchObject({ "x-sluice-role": "operator", "x-sluice-scope": "operate", "x-sluice-changes": false });
	for (const procedure of procedures) expect([procedure, needsOf(procedure)]).not.toEqual([procedure, null]);
});

test("every reference leads somewhere, and every answer has its schema", () => {
	const references = new Set(
		[...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g)].map(
			([, kind = "", name = ""]) => `${kind}/${name}`,
		),
	);
	const components = document.components as Record<string, Record<string, unknown>>;
	expect([...references].filter((one) => components[one.split("/")[0] ?? ""]?.[one.split("/")[1] ?? ""] === undefined)).toEqual(
		[],
	);
	expect(references.size).toBeGreaterThan(20);
	expect(JSON.stringify(document)).not.toContain("#/definitions/");
	expect(Object.keys(made.answers).sort()).toEqual([...procedures].sort());
});

test("a body has what is not in the path, in each form it may have", () => {
	const bodyOf = (path: string) =>
		(document.paths[path] as unknown as { post: { requestBody: { content: Record<string, { schema: unknown }> } } }).post
			.requestBody.content["application/json"]?.schema;
	const abort = bodyOf("/services/{service}/environments/{environment}/rollouts/{number}/abort");
	expect(abort).toMatchObject({ required: ["reason"] });
	expect(Object.keys((abort as { properties: object }).properties)).toEqual(["reason"]);
	expect((bodyOf("/rollouts") as { anyOf: unknown[] }).anyOf).toHaveLength(2);
});
