import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Command } from "commander";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { procedures as gated } from "@/domain/policy/gate";
import { operations, type Procedure } from "@/server/rest/operations";
import { toAppError } from "./client";
import { exitCodeHelp, exitCodeOf } from "./exit-code";
import { createProgram } from "./program";

const here = ["--env", "staging"];
const why = ["--reason", "why"];

/**
 * Every procedure of the portal as a command. What is missing does not compile; what does not call its procedure, or ends
 * with another exit code than the refusal's, is red below. REST has them all by its own table (server/rest/operations.ts).
 */
const commands: Readonly<Record<Procedure, readonly string[]>> = {
	"session.me": ["whoami"],
	"service.list": ["service", "list"],
	"service.count": ["service", "count"],
	"service.get": ["service", "show", "orders"],
	"environment.matrix": ["environment", "list"],
	"freeze.list": ["freeze", "list"],
	"freeze.create": ["freeze", "create", "production", "--weekly", "fri 18:00 - mon 08:00", ...why],
	"freeze.end": ["freeze", "end", "f1"],
	"service.scale": ["scale", "orders", "3", ...here],
	"service.restart": ["restart", "orders", ...here],
	"service.stop": ["stop", "orders", ...here],
	"release.list": ["release", "list", "orders"],
	"release.provenance": ["provenance", "orders", "3"],
	"release.compare": ["release", "compare", "orders", "3", "4"],
	"gateway.routes": ["gateway", "routes", "orders"],
	"measurement.list": ["metrics", "orders", ...here],
	"config.get": ["config", "list", "orders", ...here],
	"config.set": ["config", "set", "orders", "NAME", "value", ...here],
	"config.history": ["config", "history", "orders", ...here],
	"config.diff": ["config", "diff", "orders", "1", "2", ...here],
	"rollout.list": ["rollout", "list"],
	"rollout.get": ["rollout", "status", "orders", "staging", "4"],
	"rollout.deploy": ["deploy", "orders", "--release", "4", ...here],
	"rollout.inbox": ["approval", "list"],
	"rollout.abort": ["abort", "orders", ...here, ...why],
	"rollout.promote": ["promote", "orders", ...here],
	"rollout.pause": ["pause", "orders", ...here, ...why],
	"rollout.resume": ["resume", "orders", ...here],
	"rollout.approve": ["approve", "orders", ...here],
	"rollout.reject": ["reject", "orders", ...here, ...why],
	"rollout.edit": ["edit", "orders", ...here, "--step", "weight=5", "--step", "pause"],
	"rollout.retry": ["retry", "orders", ...here],
	"rollout.rollback": ["rollback", "orders", ...here, ...why],
	"manifest.check": ["validate", "-f", "templates/typescript-http/sluice.yaml"],
	"repository.list": ["repository", "list"],
	"repository.create": ["repository", "create", "orders"],
	"import.propose": ["import", "orders", "--dry-run"],
	"import.check": ["import", "orders", "--manifest", "templates/typescript-http/sluice.yaml", "--dry-run"],
	"import.look": ["import", "https://git.example.test/orders.git", "--dry-run"],
	"import.fetch": ["import", "https://git.example.test/orders.git"],
	"import.commit": ["import", "orders", "--accept"],
	"pipeline.list": ["pipeline", "list"],
	"pipeline.get": ["pipeline", "show", "orders", "1"],
	"pipeline.log": ["pipeline", "logs", "orders", "1"],
	"pipeline.cancel": ["pipeline", "cancel", "orders", "1"],
	"log.read": ["logs", "orders", ...here],
	"log.instances": ["logs", "orders", ...here, "--instances"],
	"host.list": ["host", "list"],
	"host.createJoinToken": ["host", "token", "h1"],
	"host.declareLost": ["host", "declare-lost", "h1/envoy-0"],
	"host.drain": ["host", "drain", "h1"],
	"host.undrain": ["host", "undrain", "h1"],
	"host.remove": ["host", "remove", "h1"],
	"volume.list": ["volume", "list"],
	"volume.remove": ["volume", "remove", "orders", "data", ...here],
	"audit.list": ["audit"],
	"audit.verify": ["audit", "verify"],
	"platform.status": ["platform"],
	"baseImage.list": ["base-image", "list"],
	"template.list": ["template", "list"],
	"template.preview": ["create", "node", "--name", "orders", "--dry-run"],
	"scaffold.get": ["create-status", "orders"],
	"scaffold.start": ["create", "node", "--name", "orders"],
	"scaffold.cancel": ["cancel-create", "orders"],
	"webhook.list": ["webhook", "list"],
	"webhook.create": ["webhook", "create", "chat", "https://chat.example.test/in", "--service", "orders"],
	"webhook.rotate": ["webhook", "rotate", "chat"],
	"webhook.test": ["webhook", "test", "chat"],
	"webhook.disable": ["webhook", "disable", "chat"],
	"webhook.enable": ["webhook", "enable", "w1"],
	"webhook.remove": ["webhook", "remove", "chat"],
	"webhook.deliveries": ["webhook", "deliveries", "chat"],
	"webhook.delivery": ["webhook", "delivery", "msg_1"],
	"webhook.redeliver": ["webhook", "redeliver", "msg_1"],
	"hook.list": ["hook", "list"],
	"hook.create": ["hook", "create", "orders", "github"],
	"hook.remove": ["hook", "remove", "h1"],
	"token.list": ["token", "list"],
	"token.create": ["token", "create", "ci", "--scope", "read,deploy", "--service", "orders"],
	"token.revoke": ["token", "revoke", "t1"],
	"user.list": ["user", "list"],
	"user.invite": ["user", "invite", "ada@example.test"],
	"user.revokeInvitation": ["user", "revoke-invitation", "mei@example.test"],
	"user.setRole": ["user", "set-role", "ada@example.test", "viewer"],
	"user.disable": ["user", "disable", "ada@example.test"],
	"user.enable": ["user", "enable", "ada@example.test"],
};

/** What the gate knows beside procedures: doors that are no calls. The export is a stream (`GET /api/audit/export`, `sluice audit export`). */
const doors = ["live.follow", "git.fetch", "git.push", "audit.export"];

/** Commands that print no data of the portal: they work on this machine, and say what they do. */
const ofThisMachine = ["up", "down", "test", "backup", "restore", "uninstall", "registry clean", "host join", "host leave"];

/** What has one form of its own: a file as it streams (`--format`), and documents of a standard, which are JSON anyway. */
const ofOwnForm = ["audit export", "provenance"];

/** What commands ask before they do what they are for. */
const known: Readonly<Record<string, unknown>> = {
	"rollout.list": [{ number: 4, state: "running" }],
	"rollout.get": { number: 4, confirmation: "none", intentHash: "hash", from: 1, to: 2 },
	"config.get": { version: 0, entries: [], serving: null },
	"import.propose": { hasManifest: false, commit: "c", branch: "main", proposal: { manifest: "", questions: [] } },
	"template.list": [{ name: "node", fields: [] }],
	"session.me": { name: "ada", role: "admin" },
	"webhook.list": [{ id: "w1", name: "chat" }],
	"user.list": {
		users: [{ id: "u1", name: "ada", email: "ada@example.test" }],
		invitations: [{ id: "i1", email: "mei@example.test", state: "open" }],
	},
};

const server = createServer(answer);
let refused: Procedure;
let asked: string[];

/** A portal that knows a little, and refuses the one procedure under test. */
function answer(request: IncomingMessage, response: ServerResponse): void {
	const paths = new URL(request.url ?? "", "http://portal").pathname.slice("/api/trpc/".length).split(",");
	asked.push(...paths);
	const data = { code: "CONFLICT", httpStatus: 409, appCode: "does-not-fit", details: {} };
	const refusal = { error: { json: { message: "It does not fit.", code: -32009, data } } };
	const answers = paths.map((path) => (path === refused ? refusal : { result: { data: { json: known[path] ?? null } } }));
	response.setHeader("content-type", "application/json").end(JSON.stringify(answers));
}

beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
	vi.stubEnv("SLUICE_URL", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
	vi.stubEnv("SLUICE_TOKEN", "only-for-this-test");
	vi.spyOn(process.stderr, "write").mockReturnValue(true);
});
afterEach(() => {
	vi.unstubAllEnvs();
	vi.restoreAllMocks();
});

async function run(argv: readonly string[]): Promise<{ printed: string; error: unknown }> {
	let printed = "";
	asked = [];
	vi.spyOn(process.stdout, "write").mockImplementation((text) => {
		printed += String(text);
		return true;
	});
	try {
		await createProgram().parseAsync(["node", "sluice", ...argv]);
		return { printed, error: null };
	} catch (error) {
		return { printed, error: toAppError(error) };
	}
}

/** Every command that does something: without commands below it, or, like `audit`, with options of its own beside them. */
function verbs(command: Command, words: readonly string[] = []): { words: string; command: Command }[] {
	const below = command.commands.flatMap((inner) => verbs(inner, [...words, inner.name()]));
	const isVerb = below.length === 0 || (words.length > 0 && command.options.length > 0);
	return isVerb ? [{ words: words.join(" "), command }, ...below] : below;
}

describe("the command line beside pages and REST", () => {
	it.each(Object.keys(commands) as Procedure[])("%s has a command, which ends as the procedure does", async (procedure) => {
		refused = procedure;
		const { printed, error } = await run(commands[procedure]);
		expect(asked).toContain(procedure);
		expect(error).toMatchObject({ code: "does-not-fit", message: "It does not fit." });
		expect([exitCodeOf(error), printed]).toEqual([5, ""]);
	});

	it("every procedure that the gate knows has a command and an operation of REST", () => {
		const all = gated.filter((name) => !doors.includes(name)).sort();
		expect(Object.keys(commands).sort()).toEqual(all);
		expect(Object.keys(operations).sort()).toEqual(all);
	});

	it("every command that prints data can print JSON", () => {
		const without = verbs(createProgram()).filter(({ command }) => !command.options.some(({ long }) => long === "--output"));
		expect(without.map(({ words }) => words).sort()).toEqual([...ofThisMachine, ...ofOwnForm].sort());
	});

	it("JSON is all there is on stdout, and nothing is coloured", async () => {
		refused = "host.list";
		const list = await run(["rollout", "list", "--output", "json"]);
		expect(JSON.parse(list.printed)).toEqual(known["rollout.list"]);
		const one = await run(["rollout", "status", "orders", "staging", "4", "--output", "json"]);
		expect(JSON.parse(one.printed)).toEqual(known["rollout.get"]);
		const users = await run(["user", "list"]);
		expect(users.printed.split("\n")[0]).toMatch(/^NAME +E-MAIL/);
		const escapeSign = String.fromCharCode(27);
		expect([list, one, users].some(({ printed }) => printed.includes(escapeSign))).toBe(false);
	});

	it("words that are not understood end with 2", async () => {
		refused = "host.list";
		expect(exitCodeOf((await run(["edit", "orders", ...here, "--step", "jump"])).error)).toBe(2);
		expect(exitCodeOf((await run(["token", "create", "ci", "--scope", "root"])).error)).toBe(2);
		expect((await run(["nonsense"])).error).toMatchObject({ code: "commander.unknownCommand" });
	});
});

it("docs/cli.md says what the commands say of themselves (`vitest -u` writes it anew)", async () => {
	const lines = verbs(createProgram()).map(({ words, command }) => {
		const given = command.registeredArguments.map((one) => (one.required ? ` <${one.name()}>` : ` [${one.name()}]`)).join("");
		const options = command.options.map(
			({ flags, description }) => `- \`${flags}\`${description === "" ? "" : `: ${description}`}`,
		);
		return [`### sluice ${words}${given}`, `${command.description()}.`, ...(options.length > 0 ? [options.join("\n")] : [])].join(
			"\n\n",
		);
	});
	await expect(`${introduction}\n\n## Commands\n\n${lines.join("\n\n")}\n`).toMatchFileSnapshot("../docs/cli.md");
});

const introduction = `# The command line

Made of the commands themselves by \`cli/parity.test.ts\`; do not edit it by hand.

- Data goes to stdout, everything else (progress, sentences, errors) to stderr.
- \`--output json\` prints exactly what the procedure answers, with times as RFC 3339: the same as REST (\`/api/v1/openapi.json\`), and
  as stable. What is followed (\`pipeline logs -f\`, \`status --watch\`) prints one object a line.
- A question is asked only at a terminal, before what cannot be taken back; \`--yes\` answers it. A script is never asked.
- Nothing is coloured, with or without NO_COLOR.
- SLUICE_URL and SLUICE_TOKEN name another portal and the token to speak to it with; without them it is this checkout's
  installation (SLUICE_HOME) and its administrator.

## Exit codes

By what a script can do about it; which error has which code is in [errors.md](errors.md#exit-codes-of-sluice).

\`\`\`text
${exitCodeHelp.trim()}
\`\`\``;
