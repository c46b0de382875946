import { expect, it } from "vitest";
import { curlOf, exampleOf } from "./curl";
import { type ApiDocument, operationsOf } from "./document";

const string = { type: "string" };
const path = (name: string) => ({ name, in: "path", required: true, schema: string });
const shared = { tags: ["rollout"], "x-sluice-role": "developer", "x-sluice-scope": "deploy", responses: {} };
const document: ApiDocument = {
	servers: [{ url: "http://localhost:7900/api/v1" }],
	components: { schemas: { Problem: { "x-sluice-codes": {} } } },
	paths: {
		"/services/{service}/rollouts/{number}/abort": {
			post: {
				...shared,
				operationId: "rollout.abort",
				summary: "Go back",
				parameters: [path("service"), path("number"), { $ref: "#/components/parameters/idempotencyKey" }],
				requestBody: {
					content: {
						"application/json": {
							schema: { type: "object", properties: { reason: string, more: string }, required: ["reason"] },
						},
					},
				},
			},
		},
		"/config": {
			get: {
				...shared,
				tags: ["config"],
				operationId: "config.diff",
				summary: "Differs",
				parameters: [{ ...path("fromVersion"), in: "query" }],
			},
		},
		"/events": {
			get: {
				...shared,
				operationId: "rollout.events",
				summary: "Its events",
				parameters: [],
				responses: { 200: { content: { "text/event-stream": { schema: string } } } },
			},
		},
	},
};

const curls = (words: string) =>
	[...operationsOf(document, words, (summary) => summary).values()]
		.flat()
		.map((operation) => curlOf("http://localhost:7900/api/v1", operation));

it("an operation as curl names what has to be put in, and holds no token", () => {
	expect(curls("abort")).toEqual([
		`curl -X POST 'http://localhost:7900/api/v1/services/SERVICE/rollouts/NUMBER/abort' -H "Authorization: Bearer $SLUICE_TOKEN" -H "Idempotency-Key: $(uuidgen)" -H 'Content-Type: application/json' -d '{"reason":"REASON"}'`,
	]);
	expect(curls("config.diff")).toEqual([
		`curl 'http://localhost:7900/api/v1/config?fromVersion=FROM_VERSION' -H "Authorization: Bearer $SLUICE_TOKEN"`,
	]);
	expect(curls("events")[0]).toContain("curl -N ");
});

it("operations are found by any of their words, and grouped by their noun", () => {
	expect([...operationsOf(document, "", (summary) => summary).keys()]).toEqual(["rollout", "config"]);
	expect(curls("post back")).toHaveLength(1);
	expect(curls("post differs")).toHaveLength(0);
});

it("an example is the least that the schema takes", () => {
	const steps = {
		type: "array",
		items: {
			oneOf: [
				{
					type: "object",
					properties: { kind: { const: "weight" }, weight: { type: "number", minimum: 0 } },
					required: ["kind", "weight"],
				},
			],
		},
	};
	expect(
		exampleOf({
			type: "object",
			properties: { steps, role: { enum: ["viewer"] }, full: { type: "boolean" } },
			required: ["steps", "role", "full"],
		}),
	).toEqual({
		steps: [{ kind: "weight", weight: 0 }],
		role: "viewer",
		full: true,
	});
});
