import { execFile } from "node:child_process";
import { copyFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemActor } from "@/domain/roles";
import { handleAuditExport } from "@/server/audit/handler";
import { checkpointAudit } from "@/server/services/audit-checkpoint";
import { createToken } from "@/server/services/token";
import { recordAudit } from "@/server/store/audit";
import { openTestPortal, type TestPortal } from "@/server/testing/portal";
import { handleTrpc } from "@/server/trpc/handler";

let portal: TestPortal;
let server: Server;
let url: string;

beforeAll(async () => {
	portal = await openTestPortal();
	server = createServer(async (request, response) => {
		const asked = await requestOf(request);
		const isExport = request.url?.startsWith("/api/audit/export");
		const answer = await (isExport ? handleAuditExport(portal, asked) : handleTrpc(portal, asked));
		response.writeHead(answer.status, Object.fromEntries(answer.headers));
		await pipeline(Readable.from(answer.body ?? []), response);
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
	await new Promise((resolve) => server.close(resolve));
	await portal.close();
});

async function requestOf(request: IncomingMessage): Promise<Request> {
	const body = Buffer.concat(await request.toArray());
	const headers = new Headers(Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]));
	return new Request(`${url}${request.url}`, { method: request.method ?? "GET", headers, ...(body.length > 0 ? { body } : {}) });
}

interface Ended {
	readonly code: number;
	readonly out: string;
	readonly told: string;
}

/** The command in a process of its own, as a user has it; a token other than the administrator's on request. */
function sluice(words: readonly string[], token?: string): Promise<Ended> {
	const env = { ...process.env, SLUICE_HOME: portal.deps.env.home, SLUICE_URL: url, ...(token ? { SLUICE_TOKEN: token } : {}) };
	return new Promise((resolve) => {
		execFile(process.execPath, ["--import", "tsx", "cli/main.ts", ...words], { env, maxBuffer: 64_000_000 }, (error, out, told) =>
			resolve({ code: error ? Number(error.code) : 0, out, told }),
		);
	});
}

test("verify says what is whole and what it was compared with, part by part; then what is missing, and ends with 1", async () => {
	const { database } = portal.deps;
	const said = { action: "test.write", subjectKind: "test", subject: "t" };
	await database.$transaction(
		async (tx) => {
			for (const number of Array(10_050).keys()) await recordAudit(tx, systemActor, { ...said, summary: `row ${number}` });
		},
		{ timeout: 60_000 },
	);
	await checkpointAudit(portal.deps);
	const copy = `${portal.deps.env.home}/copy.jsonl`;
	copyFileSync(portal.deps.env.paths.auditCheckpoints, copy);
	const whole = await sluice(["audit", "verify", "--kept", copy]);
	expect(whole.told).toMatch(/^Whole up to row 10000 of \d+ …\n$/);
	expect(whole.out).toMatch(
		/^\d+ rows are whole, from row 1 \(.*\) to row \d+ \(.*\)\.\nCompared with the chain's head and 1 signed checkpoint/,
	);
	expect(whole.code).toBe(0);
	await database.$executeRaw`alter table audit disable trigger user`;
	await database.$executeRaw`delete from audit where id = 10010`;
	const broken = await sluice(["audit", "verify", "--output", "json"]);
	expect(JSON.parse(broken.out)).toMatchObject({
		whole: false,
		rows: 10_009,
		problem: { kind: "missing", entry: "10010", until: "10010" },
	});
	expect(broken.code).toBe(1);
	expect((await sluice(["audit", "verify"])).out).toMatch(/^Row 10010 is missing: deleted before the row that follows \(20/);
});

test("the list and the export filter alike; the export says it is not for everybody", async () => {
	const list = await sluice(["audit", "--action", "user.create", "--output", "json"]);
	expect(JSON.parse(list.out)).toMatchObject([{ action: "user.create", actor: "sluice" }]);
	const csv = await sluice(["audit", "export", "--format", "csv", "--action", "user.create"]);
	expect(csv.out.split("\r\n")).toEqual([expect.stringMatching(/^id,at,/), expect.stringContaining(",user.create,user,"), ""]);
	const all = await sluice(["audit", "export"]);
	expect(all.out.trimEnd().split("\n").length).toBe(await portal.deps.database.auditRow.count());
	const admin = await portal.deps.database.user.findFirstOrThrow({ where: { role: "admin" } });
	const actor = { kind: "user", id: admin.id, name: admin.name, role: "admin" } as const;
	const tokenOf = async (role: "approver" | "operator") =>
		(await createToken(portal.deps, actor, { name: role, role, days: 1 })).token;
	const refused = await sluice(["audit", "export"], await tokenOf("approver"));
	expect(refused).toMatchObject({ code: 3, out: "", told: expect.stringContaining("audit.export needs the role operator") });
	expect(await sluice(["audit", "verify"], await tokenOf("operator"))).toMatchObject({ code: 3, out: "" });
});
