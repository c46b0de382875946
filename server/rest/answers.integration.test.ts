import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import made from "@/server/rest/answers.json" with { type: "json" };
import { openApiDocument } from "@/server/rest/document";
import { handleRest } from "@/server/rest/handler";
import { answersText } from "@/server/rest/make-answers";
import { operations, type Procedure } from "@/server/rest/operations";
import { openTestPortal, type TestPortal } from "@/server/testing/portal";

let portal: TestPortal;
let authorization: string;

beforeAll(async () => {
	portal = await openTestPortal();
	authorization = `Bearer ${readFileSync(portal.deps.env.paths.apiToken, "utf8").trim()}`;
});
afterAll(() => portal.close());

const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const ajv = new Ajv2020({ strict: false, formats: { "date-time": time, uri: /^https?:/ } });
ajv.addSchema({ $id: "api", ...openApiDocument("http://localhost") });

function problemsOf(procedure: Procedure, value: unknown): unknown {
	const { method, path, status = 200 } = operations[procedure];
	const place = ["paths", path, method.toLowerCase(), "responses", status, "content", "application/json", "schema"];
	const pointer = place.map((one) => encodeURIComponent(String(one).replaceAll("~", "~0").replaceAll("/", "~1"))).join("/");
	const validate = ajv.getSchema(`api#/${pointer}`);
	if (!validate) throw new Error(`${procedure} has no schema`);
	return validate(value) ? null : validate.errors;
}

async function ask(method: string, path: string, body?: unknown): Promise<unknown> {
	const headers = { authorization, "content-type": "application/json" };
	const request = new Request(`http://localhost:27900/api/v1${path}`, {
		...{ method, headers },
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	});
	return (await handleRest(portal, request)).json();
}

test("answers.json is made of answers.ts as it is now: `npm run answers` writes it", () => {
	expect(JSON.parse(answersText())).toEqual(made);
}, 120_000);

test("what is answered is what the document says", async () => {
	const repository = await ask("POST", "/repositories", { name: "orders" });
	const token = await ask("POST", "/tokens", { name: "ci", role: "viewer", limits: { scopes: ["read"] } });
	const invitation = await ask("POST", "/invitations", { email: "ada@example.test", role: "viewer" });
	const manifest = readFileSync("templates/typescript-http/sluice.yaml", "utf8");
	const checked = await ask("POST", "/manifests/check", { manifest, file: "sluice.yaml" });
	const made: [Procedure, unknown][] = [
		...([
			["repository.create", repository],
			["token.create", token],
		] as [Procedure, unknown][]),
		...([
			["user.invite", invitation],
			["manifest.check", checked],
		] as [Procedure, unknown][]),
	];
	const lists: Procedure[] = [
		"session.me",
		"service.list",
		"rollout.list",
		"rollout.inbox",
		"repository.list",
		"pipeline.list",
		"host.list",
	];
	lists.push("audit.list", "platform.status", "template.list", "token.list", "user.list");
	for (const procedure of lists) made.push([procedure, await ask("GET", operations[procedure].path)]);
	for (const [procedure, answer] of made) expect([procedure, problemsOf(procedure, answer)]).toEqual([procedure, null]);
	expect(problemsOf("token.list", [{ id: 1 }])).not.toBeNull();
});
