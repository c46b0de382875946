import { needsOf } from "@/domain/policy/gate";
import type { Wrong } from "@/server/rest/answers";
import made from "@/server/rest/answers.json" with { type: "json" };
import { eventsPath } from "@/server/rest/events";
import { eventsSay, type Operation, operations, type Procedure } from "@/server/rest/operations";
import { type ProblemCode, problemCodes } from "@/server/rest/problem";
import { parametersOf } from "@/server/rest/routes";
import { inputOf, isChange, type JsonSchema, without } from "@/server/rest/schema";

/**
 * The OpenAPI 3.1 document, made of the procedures' own schemas: what a request may hold is exactly what is checked.
 * It is made anew for each reader, as it is asked for seldom and its address is the installation's.
 */
export function openApiDocument(portalUrl: string) {
	const paths: Record<string, Record<string, unknown>> = { [eventsPath]: { get: eventsOperation() } };
	for (const [procedure, operation] of Object.entries(operations) as [Procedure, Operation][]) {
		const methods = paths[operation.path] ?? {};
		paths[operation.path] = { ...methods, [operation.method.toLowerCase()]: described(procedure, operation) };
	}
	return {
		openapi: "3.1.1",
		info: { title: "Sluice", version: "1", description, license: { name: "Apache 2.0", identifier: "Apache-2.0" } },
		servers: [{ url: `${portalUrl}/api/v1` }],
		security: [{ token: [] }],
		tags: [...new Set(Object.keys(operations).map(nounOf))].map((name) => ({ name })),
		paths,
		components: {
			securitySchemes: { token: { type: "http", scheme: "bearer", description: "An API token of yours: /profile makes one." } },
			headers: {
				replayed: { description: "true = this is the answer to an earlier request with this key", schema: { type: "string" } },
				link: { description: 'RFC 8288: rel="next" is the page after this one', schema: { type: "string" } },
			},
			parameters: { idempotencyKey },
			schemas: { Problem: problemSchema, ...made.views },
			responses: {
				Problem: {
					description: "Why not (RFC 9457)",
					content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
				},
			},
		},
	};
}

/** Of a procedure whose answer is another than its type says, there is no schema: that does not compile below. */
const answers: Readonly<Record<Exclude<Procedure, Wrong>, JsonSchema>> = made.answers;

const description = `The same procedures as the portal's pages and the command line, over HTTP. Requests and answers are JSON; times are RFC 3339.
A refusal is application/problem+json (RFC 9457) with a code of docs/errors.md. A change may carry an Idempotency-Key: the same
request with the same key within 24 hours is done once and answered alike. x-sluice-role and x-sluice-scope say what an
operation asks of its token.`;

const idempotencyKey = {
	name: "Idempotency-Key",
	in: "header",
	required: false,
	description: "1 to 255 visible ASCII characters, a new one for each request that is meant: a UUID is good.",
	schema: { type: "string", minLength: 1, maxLength: 257 },
};

const problemSchema = {
	type: "object",
	"x-sluice-codes": problemCodes,
	required: ["type", "title", "status", "detail", "instance", "code", "retryable", "docs", "details"],
	properties: {
		type: { type: "string", format: "uri", description: "Where the code is explained" },
		title: { type: "string" },
		status: { type: "integer" },
		detail: { type: "string", description: "What happened, to what, and what to do" },
		instance: { type: "string" },
		code: { type: "string", enum: Object.keys(problemCodes) satisfies readonly string[] as readonly ProblemCode[] },
		retryable: { type: "boolean", description: "The same request may go through later" },
		docs: { type: "string", description: "Its row in the repository" },
		details: { type: "object", description: "Facts for programs", additionalProperties: true },
	},
};

function nounOf(procedure: string): string {
	return procedure.split(".")[0] ?? procedure;
}

function described(procedure: Procedure, operation: Operation): Record<string, unknown> {
	const { method, path, says, status = 200, pages } = operation;
	const { schema, properties, required } = inputOf(procedure);
	const inPath = parametersOf(path);
	const needs = needsOf(procedure);
	const isBodied = method === "POST" || method === "PATCH";
	const left = Object.keys(properties).filter((name) => !inPath.includes(name));
	const query = isBodied ? [] : left.map((name) => parameter("query", name, properties[name], required.includes(name)));
	const key = method === "GET" ? [] : [{ $ref: "#/components/parameters/idempotencyKey" }];
	const headers = {
		...(method === "GET" ? {} : { "Idempotency-Replayed": { $ref: "#/components/headers/replayed" } }),
		...(pages === undefined ? {} : { Link: { $ref: "#/components/headers/link" } }),
	};
	return {
		operationId: procedure,
		tags: [nounOf(procedure)],
		summary: says,
		...(needs ? { "x-sluice-role": needs.role, "x-sluice-scope": needs.scope } : {}),
		"x-sluice-changes": isChange(procedure),
		parameters: [...inPath.map((name) => parameter("path", name, properties[name], true)), ...query, ...key],
		...(isBodied && left.length > 0 ? { requestBody: bodyOf(without(schema, inPath)) } : {}),
		responses: {
			[status]: { description: "Done", headers, content: { "application/json": { schema: answers[procedure] } } },
			default: { $ref: "#/components/responses/Problem" },
		},
	};
}

function parameter(place: "path" | "query", name: string, schema: JsonSchema | undefined, required: boolean) {
	return { name, in: place, required, schema: schema ?? {} };
}

function bodyOf(schema: JsonSchema) {
	return { required: true, content: { "application/json": { schema } } };
}

function eventsOperation(): Record<string, unknown> {
	const text = (name: string) => parameter("path", name, { type: "string" }, true);
	return {
		operationId: "rollout.events",
		tags: ["rollout"],
		summary: eventsSay,
		"x-sluice-role": needsOf("live.follow")?.role,
		"x-sluice-scope": needsOf("live.follow")?.scope,
		"x-sluice-changes": false,
		parameters: [
			text("service"),
			text("environment"),
			parameter("path", "number", { type: "integer", minimum: 1 }, true),
			{
				name: "Last-Event-ID",
				in: "header",
				required: false,
				schema: { type: "integer", minimum: 0 },
				description: "Goes on after this event",
			},
		],
		responses: {
			200: {
				description: "A stream without end",
				content: { "text/event-stream": { schema: { $ref: "#/components/schemas/RolloutEventRow" } } },
			},
			default: { $ref: "#/components/responses/Problem" },
		},
	};
}
