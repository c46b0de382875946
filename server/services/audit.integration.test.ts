import { appendFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { ensureAuditKey } from "@/adapters/audit/key";
import type { Actor } from "@/domain/roles";
import { migrate, migrationsDirectory } from "@/prisma/migrate";
import { handleAuditExport } from "@/server/audit/handler";
import { bootstrap } from "@/server/bootstrap";
import { checkpointAudit } from "@/server/services/audit-checkpoint";
import { readTrail } from "@/server/services/audit-trail";
import { verifyAudit } from "@/server/services/audit-verify";
import { createRepository } from "@/server/services/repository";
import { recordAudit } from "@/server/store/audit";
import { beginAuditChain } from "@/server/store/audit-chain";
import { type Database, openDatabase } from "@/server/store/client";
import { scratchDatabase } from "@/server/store/testing/scratch-database";
import { administrator, openTestPortal, type TestPortal } from "@/server/testing/portal";
import { appRouter } from "@/server/trpc/router";

let portal: TestPortal;
let database: Database;
const olga: Actor = { kind: "user", id: "u", name: "olga", role: "admin" };

const record = (summary: string) => ({
	action: "test.write",
	subjectKind: "test",
	subject: "t",
	summary,
	data: { list: ["ü", "1"] },
});
const write = (summary: string) => database.$transaction((tx) => recordAudit(tx, olga, record(summary)));
const verify = () => verifyAudit(portal.deps, null);
const problem = async () => (await verify()).problem;
const newest = async () => (await database.auditRow.findFirstOrThrow({ orderBy: { id: "desc" } })).id;

beforeAll(async () => {
	portal = await openTestPortal();
	database = portal.deps.database;
	for (const number of Array(12).keys()) await write(`row ${number}`);
});
afterAll(() => portal.close());

// What somebody with the database in their hands does, and what a test takes back.
beforeEach(async () => {
	await database.$executeRaw`alter table audit disable trigger user`;
	await database.$executeRaw`create table kept as table audit`;
	// Postgres makes it of the others, and takes none.
	await database.$executeRaw`alter table kept drop column words`;
	await database.$executeRaw`create table kept_head as table audit_head`;
});
afterEach(async () => {
	await database.$executeRaw`delete from audit`;
	await database.$executeRaw`insert into audit select * from kept`;
	await database.$executeRaw`delete from audit_head`;
	await database.$executeRaw`insert into audit_head select * from kept_head`;
	await database.$executeRaw`drop table kept, kept_head`;
	await database.$executeRaw`alter table audit enable trigger user`;
	rmSync(portal.deps.env.paths.auditCheckpoints, { force: true });
	expect(await problem()).toBeNull();
});

test("the trail is whole, in one part or in many, and says what it was compared with", async () => {
	const all = await verify();
	expect(all).toMatchObject({
		problem: null,
		next: null,
		from: "1",
		to: String(await newest()),
		older: 0,
		newestCheckpoint: null,
	});
	await checkpointAudit(portal.deps);
	let rows = 0;
	let parts = 0;
	for (let after: bigint | null = null, isOver = false; !isOver; parts += 1) {
		const part = await verifyAudit(portal.deps, after, { atOnce: 5 });
		expect(part.problem).toBeNull();
		rows += part.rows;
		isOver = part.next === null;
		after = BigInt(part.next ?? 0);
		if (isOver) expect(part).toMatchObject({ checkpoints: 1, newestCheckpoint: { entry: all.to } });
	}
	expect(rows).toBe(all.rows);
	expect(parts).toBeGreaterThan(2);
});

test("the key is in a file of its owner only, and nowhere in the database", async () => {
	const { auditKey, auditCheckpointKey } = portal.deps.env.paths;
	await checkpointAudit(portal.deps);
	for (const file of [auditKey, auditCheckpointKey]) expect(statSync(file).mode & 0o777).toBe(0o600);
	const key = readFileSync(auditKey, "utf8").trim();
	const hex = Buffer.from(key, "base64").toString("hex");
	const tables = JSON.stringify(
		[await database.auditHead.findMany(), await database.auditRow.findMany({ omit: { id: true } })],
		(_, value) => (typeof value === "bigint" ? String(value) : value),
	);
	expect(tables).not.toContain(key);
	expect(tables).not.toContain(hex);
});

test("a changed row, whichever field, is found", async () => {
	const columns = [
		"at",
		"actorKind",
		"actorId",
		"actorName",
		"action",
		"subjectKind",
		"subject",
		"summary",
		"data",
		"previous",
		"hash",
	];
	const last = Number(await newest());
	await fc.assert(
		fc.asyncProperty(
			fc.integer({ min: 1, max: last }),
			fc.constantFrom(...columns),
			fc.stringMatching(/^[0-9a-f]{0,20}$/),
			async (id, column, text) => {
				const value =
					column === "at"
						? `at + interval '${text.length + 1} ms'`
						: column === "data"
							? `'{"x": "${text}"}'`
							: `"${column}" || '${text}x'`;
				await database.$executeRawUnsafe(`update audit set "${column}" = ${value} where id = ${id}`);
				expect([column, await problem()]).toMatchObject([column, { kind: "changed", entry: String(id) }]);
				await database.$executeRaw`delete from audit where id = ${id}`;
				await database.$executeRaw`insert into audit select * from kept where id = ${id}`;
			},
		),
		{ numRuns: 60 },
	);
});

test("a row deleted in the middle is found, with its number and the time of the next one", async () => {
	await database.$executeRaw`delete from audit where id in (5, 6)`;
	const next = await database.auditRow.findUniqueOrThrow({ where: { id: 7n } });
	expect(await problem()).toMatchObject({ kind: "missing", entry: "5", until: "6", at: next.at });
	await database.$executeRaw`update audit set id = -id where id > 6`;
	await database.$executeRaw`update audit set id = -id - 2 where id < 0`;
	expect(await problem()).toMatchObject({ kind: "changed", entry: "5" });
});

test("the oldest rows deleted are found", async () => {
	await database.$executeRaw`delete from audit where id < 4`;
	expect(await problem()).toMatchObject({ kind: "missing", entry: "1", until: "3" });
});

test("reordered rows are found", async () => {
	await database.$executeRaw`update audit set id = case id when 4 then -5 else -4 end where id in (4, 5)`;
	await database.$executeRaw`update audit set id = -id where id < 0`;
	expect(await problem()).toMatchObject({ kind: "changed", entry: "4" });
});

test("a row that was never recorded is found, in the chain, behind it and before it", async () => {
	const made = (id: number, hash: string | null) =>
		database.$executeRaw`insert into audit (id, at, "actorKind", "actorId", "actorName", action, "subjectKind", subject, summary, previous, hash)
			select ${id}, at, "actorKind", "actorId", "actorName", action, "subjectKind", subject, 'made up', hash, ${hash} from audit order by id desc limit 1`;
	await expect(made(0, null)).rejects.toThrow("audit_is_chained");
	const next = Number(await newest()) + 1;
	await made(next, "a".repeat(64));
	expect(await problem()).toMatchObject({ kind: "changed", entry: String(next) });
	await database.$executeRaw`delete from audit where id = ${next}`;
	await database.$executeRaw`alter table audit drop constraint audit_is_chained`;
	await made(0, null);
	expect(await problem()).toMatchObject({ kind: "before" });
	await database.$executeRaw`delete from audit where id = 0`;
	await database.$executeRaw`alter table audit add constraint audit_is_chained check (hash is not null and previous is not null) not valid`;
});

test("a cut tail is found by the head; with the head moved back too, by the newest checkpoint", async () => {
	await checkpointAudit(portal.deps);
	const last = await newest();
	await database.$executeRaw`delete from audit where id > ${last - 3n}`;
	expect(await problem()).toMatchObject({ kind: "cut", entry: String(last - 2n), until: String(last) });
	await database.$executeRaw`update audit_head set sequence = a.id, hash = a.hash, at = a.at from audit a where a.id = ${last - 3n}`;
	expect(await problem()).toMatchObject({ kind: "cut", entry: String(last - 2n), until: String(last) });
	await expect(checkpointAudit(portal.deps)).rejects.toThrow(`does not continue its checkpoint of row ${last}`);
	// New rows under the old numbers do not hide it, in the verification nor from the next checkpoint.
	for (const number of [1, 2, 3, 4]) await write(`after the cut ${number}`);
	expect(await problem()).toMatchObject({ kind: "rewritten", entry: String(last) });
	await expect(checkpointAudit(portal.deps)).rejects.toThrow("does not continue");
});

test("the whole trail deleted, with and without its head, is found", async () => {
	await checkpointAudit(portal.deps);
	const last = await newest();
	await database.$executeRaw`delete from audit`;
	expect(await problem()).toMatchObject({ kind: "cut", entry: "1", until: String(last) });
	await database.$executeRaw`update audit_head set sequence = 0, hash = repeat('0', 64), at = null, "keyId" = null`;
	expect(await problem()).toMatchObject({ kind: "cut", entry: "1", until: String(last) });
	await database.$executeRaw`delete from audit_head`;
	expect(await problem()).toMatchObject({ kind: "cut" });
	await expect(write("without a head")).rejects.toThrow("has lost its head");
});

test("a forged head is found, and so is what was recorded after it", async () => {
	await database.$executeRaw`update audit_head set hash = repeat('f', 64)`;
	expect(await problem()).toMatchObject({ kind: "head" });
	await write("after the forged head");
	expect(await problem()).toMatchObject({ kind: "misplaced", entry: String(await newest()) });
});

test("a checkpoint that was changed or made up is found; half a line that a power cut left is not taken for one", async () => {
	const file = portal.deps.env.paths.auditCheckpoints;
	await checkpointAudit(portal.deps);
	const line = readFileSync(file, "utf8");
	appendFileSync(file, '{"installation":"te');
	expect(await problem()).toBeNull();
	await write("one more");
	await checkpointAudit(portal.deps);
	const lines = readFileSync(file, "utf8").trimEnd().split("\n");
	expect(lines).toHaveLength(2);
	expect(await verify()).toMatchObject({ problem: null, checkpoints: 2 });
	// Nothing new: nothing is written.
	await checkpointAudit(portal.deps);
	expect(readFileSync(file, "utf8").trimEnd().split("\n")).toHaveLength(2);
	writeFileSync(file, line.replace(/"hash":"../, '"hash":"zz'));
	expect(await problem()).toMatchObject({ kind: "checkpoint" });
	writeFileSync(file, "nonsense\n");
	expect(await problem()).toMatchObject({ kind: "checkpoint" });
	await expect(checkpointAudit(portal.deps)).rejects.toThrow("does not continue");
});

test("with a checkpoint kept elsewhere, whoever has the machine too cannot cut or rewrite the trail unseen", async () => {
	const { auditCheckpoints, auditCheckpointKey } = portal.deps.env.paths;
	await checkpointAudit(portal.deps);
	const kept = readFileSync(auditCheckpoints, "utf8").trimEnd();
	const last = await newest();
	const found = async () => (await verifyAudit(portal.deps, null, { kept })).problem;
	expect(await found()).toBeNull();
	rmSync(auditCheckpoints);
	await database.$executeRaw`delete from audit where id > ${last - 2n}`;
	await database.$executeRaw`update audit_head set sequence = a.id, hash = a.hash, at = a.at from audit a where a.id = ${last - 2n}`;
	expect(await problem()).toBeNull();
	expect(await found()).toMatchObject({ kind: "cut", entry: String(last - 1n), until: String(last) });
	for (const number of [1, 2]) await write(`in their place ${number}`);
	await checkpointAudit(portal.deps);
	expect(await problem()).toBeNull();
	expect(await found()).toMatchObject({ kind: "rewritten", entry: String(last) });
	const key = readFileSync(auditCheckpointKey);
	rmSync(auditCheckpointKey);
	expect(await found()).toMatchObject({ kind: "checkpoint" });
	writeFileSync(auditCheckpointKey, key);
	await expect(verifyAudit(portal.deps, null, { kept: "nonsense" })).rejects.toThrow("no checkpoint");
});

test("another key than the chain's is said, and stops the installation from starting", async () => {
	const { auditKey } = portal.deps.env.paths;
	const kept = readFileSync(auditKey);
	rmSync(auditKey);
	await ensureAuditKey(auditKey);
	expect(await problem()).toMatchObject({ kind: "key" });
	await expect(bootstrap(portal.deps)).rejects.toThrow("put the file back");
	writeFileSync(auditKey, kept);
});

test("rows of an older version stay as they are, and the chain's first row vouches for them", async () => {
	const scratch = await scratchDatabase({ isMigrated: false });
	const deps = { ...portal.deps, database: openDatabase(scratch.url, () => ensureAuditKey(portal.deps.env.paths.auditKey)) };
	const older = mkdtempSync(`${tmpdir()}/sluice-migrations-`);
	try {
		const names = readdirSync(migrationsDirectory).filter(
			(name) => name < "20261124120000_audit_chain" && !name.endsWith(".toml"),
		);
		for (const name of names) cpSync(`${migrationsDirectory}/${name}`, `${older}/${name}`, { recursive: true });
		await migrate(scratch.url, older);
		const insert = (summary: string) =>
			deps.database.$executeRaw`insert into audit ("actorKind", "actorId", "actorName", action, "subjectKind", subject, summary)
				values ('user', 'u', 'olga', 'host.join', 'host', 'h1', ${summary})`;
		for (const summary of ["one", "two", "three", "four"]) await insert(summary);
		await deps.database.$executeRaw`alter table audit disable trigger user`;
		// Numbers had gaps then.
		await deps.database.$executeRaw`delete from audit where summary = 'three'`;
		await migrate(scratch.url);
		await expect(insert("by a process of the older version")).rejects.toThrow(/null|not-null/);
		expect(await verifyAudit(deps, null)).toMatchObject({ problem: null, older: 3, rows: 0 });
		await deps.database.$transaction((tx) => recordAudit(tx, olga, record("the first change")));
		await beginAuditChain(deps.database, () => ensureAuditKey(portal.deps.env.paths.auditKey));
		expect(await verifyAudit(deps, null)).toMatchObject({ problem: null, older: 3, rows: 2, from: "5", to: "6" });
		expect(await deps.database.auditRow.findUnique({ where: { id: 5n } })).toMatchObject({
			action: "audit.begin",
			data: { rows: 3 },
		});
		await deps.database.$executeRaw`alter table audit drop constraint audit_is_chained`;
		await deps.database.$executeRaw`update audit set summary = 'too' where id = 2`;
		expect((await verifyAudit(deps, null)).problem).toMatchObject({ kind: "before", until: "4" });
		await deps.database.$executeRaw`update audit set summary = 'two' where id = 2`;
		await deps.database.$executeRaw`delete from audit where id = 4`;
		expect((await verifyAudit(deps, null)).problem).toMatchObject({ kind: "before" });
		await deps.database.$executeRaw`delete from audit where id = 5`;
		expect((await verifyAudit(deps, null)).problem).toMatchObject({ kind: "missing", entry: "3", until: "5" });
	} finally {
		await deps.database.$disconnect();
		await scratch.drop();
		rmSync(older, { recursive: true });
	}
});

test("writers at the same time make one chain, also over several connections pools, and a rolled back change leaves no gap", async () => {
	const other = openDatabase(portal.deps.env.databaseUrl, () => ensureAuditKey(portal.deps.env.paths.auditKey));
	const before = await newest();
	const writeTo = (to: Database, number: number) =>
		to.$transaction(async (tx) => {
			await recordAudit(tx, olga, record(`one of ${number}`));
			if (number % 5 === 0) throw new Error("rolled back");
			await recordAudit(tx, olga, record(`two of ${number}`));
		});
	const done = await Promise.allSettled([...Array(40).keys()].map((number) => writeTo(number % 2 ? database : other, number)));
	expect(done.filter(({ status }) => status === "rejected")).toHaveLength(8);
	expect(await newest()).toBe(before + 64n);
	expect(await problem()).toBeNull();
	await other.$disconnect();
});

test("the head is locked after the change's own work only", async () => {
	let work: () => void = () => {};
	const working = new Promise<void>((resolve) => {
		work = resolve;
	});
	let isOpen: () => void = () => {};
	const opened = new Promise<void>((resolve) => {
		isOpen = resolve;
	});
	const slow = database.$transaction(async (tx) => {
		await recordAudit(tx, olga, record("slow"));
		isOpen();
		await working;
	});
	await opened;
	// It would wait for the slow one, and never end, if that held the head.
	await write("quick");
	work();
	await slow;
	const [last, before] = await database.auditRow.findMany({ orderBy: { id: "desc" }, take: 2 });
	expect([before?.summary, last?.summary]).toEqual(["quick", "slow"]);
});

test("an entry is found by the Chinese that is read for it, and by no other", async () => {
	await write("olga made the repository orders");
	await write("olga made the repository cart");
	const { rows } = await readTrail(portal.deps, olga, { search: "创建了仓库 orders" });
	// The reading itself holds the words too.
	expect(rows.map(({ summary }) => summary)).toEqual([
		expect.stringContaining("olga read the audit"),
		"olga made the repository orders",
	]);
});

test("reading is recorded once a person and filter, not at each refresh", async () => {
	const reads = () => database.auditRow.count({ where: { action: "audit.read" } });
	const read = (actor: Actor, filter = {}) => readTrail(portal.deps, actor, filter);
	const page = await read(olga);
	expect(page.rows[0]).toMatchObject({ action: "audit.read", actor: "olga", data: { search: null, action: null } });
	for (const wish of [{}, { limit: 10 }, { before: "5" }]) await read(olga, wish);
	expect(await reads()).toBe(1);
	await read(olga, { search: "secret plans" });
	await read({ ...olga, id: "v", name: "vera" });
	expect(await reads()).toBe(3);
	// As if a quarter of an hour had gone by.
	await database.$executeRaw`update audit set at = at - interval '16 minutes'`;
	await read(olga);
	expect(await reads()).toBe(4);
});

test("an export has what the filter lets through, oldest first, and is recorded before it begins", async () => {
	const authorization = `Bearer ${readFileSync(portal.deps.env.paths.apiToken, "utf8").trim()}`;
	const ask = (query: string, headers: Record<string, string> = { authorization }) =>
		handleAuditExport(portal, new Request(`http://localhost:27900/api/audit/export?${query}`, { headers }));
	const lines = async (query: string) => (await (await ask(query)).text()).trimEnd().split(/\r?\n/);
	const csv = await lines("format=csv&action=test.write");
	expect(csv[0]).toMatch(/^id,at,/);
	expect(csv).toHaveLength(1 + (await database.auditRow.count({ where: { action: "test.write" } })));
	const found = (await lines("format=jsonl&search=row+1")).map(
		(line) => JSON.parse(line) as { id: string; summary: string; hash: string },
	);
	const own = 'administrator exported the audit as jsonl, filtered by words "row 1"';
	expect(found.map(({ summary }) => summary)).toEqual(["row 1", "row 10", "row 11", own]);
	expect(found[0]?.hash).toMatch(/^[0-9a-f]{64}$/);
	expect(await database.auditRow.findMany({ where: { action: "audit.export" }, orderBy: { id: "asc" } })).toMatchObject([
		{ actorKind: "token", data: { format: "csv", action: "test.write", search: null } },
		{ data: { format: "jsonl", action: null, search: "row 1" } },
	]);
	expect((await ask("format=csv", {})).status).toBe(401);
	expect((await ask("format=pdf")).status).toBe(400);
});

/** Everything that is in the database, but the audit itself and what counts tries. */
async function everything(): Promise<string> {
	const tables = await database.$queryRaw<{ name: string }[]>`
		select table_name as name from information_schema.tables where table_schema = 'public'
			and table_name not in ('audit', 'audit_head', 'kept', 'kept_head', 'attempt', 'rate_limit') order by 1`;
	const contents: unknown[] = [];
	for (const { name } of tables)
		contents.push(name, await database.$queryRawUnsafe(`select t::text from "${name}" t order by 1`));
	return JSON.stringify(contents);
}

test("with the audit unwritable every change is refused with a sentence, and nothing is changed", async () => {
	await database.$executeRaw`create function refuse_row() returns trigger language plpgsql as $$ begin raise exception 'the disk is full'; end $$`;
	await database.$executeRaw`create trigger refuse_row before insert on audit for each row execute function refuse_row()`;
	const admin = await database.user.findFirstOrThrow({ where: { role: "admin" } });
	const actor: Actor = { kind: "user", id: admin.id, name: admin.name, role: "admin" };
	const api = appRouter.createCaller({ deps: portal.deps, actor });
	const token = await database.apiToken.findFirstOrThrow();
	const changes: Record<string, () => Promise<unknown>> = {
		"repository.create": () => api.repository.create({ name: "refused" }),
		"token.create": () => api.token.create({ name: "refused", role: "viewer", days: 1 }),
		"token.revoke": () => api.token.revoke({ id: token.id }),
		"user.invite": () => api.user.invite({ email: "refused@example.test", role: "viewer" }),
		"host.createJoinToken": () => api.host.createJoinToken({ name: "refused", roles: ["node"] }),
		"scaffold.start": () =>
			api.scaffold.start({
				template: "typescript-http",
				values: { name: "refused", description: "x", owner: "team" },
				requestId: "0190f5a0-0000-7000-8000-000000000000",
			}),
		"audit.list": () => api.audit.list({}),
	};
	const before = await everything();
	for (const [name, change] of Object.entries(changes)) {
		const refusal = await change().then(
			() => "done",
			(error: Error) => error.message,
		);
		expect([name, refusal]).toEqual([name, expect.stringMatching(/^The audit trail cannot be written .* nothing was changed/)]);
	}
	const signIn = await portal.auth.handler(
		new Request("http://localhost:27900/api/auth/sign-in/email", {
			method: "POST",
			headers: { origin: "http://localhost:27900", "content-type": "application/json" },
			body: JSON.stringify(administrator),
		}),
	);
	expect(signIn.status).toBe(503);
	expect(await signIn.json()).toMatchObject({ message: expect.stringContaining("The audit trail cannot be written") });
	expect(signIn.headers.getSetCookie().join()).not.toContain("session_token=");
	expect(await everything()).toBe(before);
	// Whether it is whole can still be asked.
	expect(await problem()).toBeNull();
	await database.$executeRaw`drop trigger refuse_row on audit`;
	await database.$executeRaw`drop function refuse_row`;
	await expect(api.repository.create({ name: "refused" })).resolves.toMatchObject({ name: "refused" });
});

test("without the right to insert into the audit table, or with its head held by somebody, a change is refused too", async () => {
	const role = `limited_${portal.deps.env.installation.id}_${process.pid}`;
	await database.$executeRawUnsafe(`create role ${role} login password 'only-for-this-test'`);
	await database.$executeRawUnsafe(`grant all on all tables in schema public to ${role}`);
	await database.$executeRawUnsafe(`revoke insert on audit from ${role}`);
	const url = new URL(portal.deps.env.databaseUrl);
	url.username = role;
	url.password = "only-for-this-test";
	const limited = openDatabase(url.href, () => ensureAuditKey(portal.deps.env.paths.auditKey));
	const create = (to: Database, name: string) => createRepository({ ...portal.deps, database: to }, olga, name);
	try {
		await expect(create(limited, "no-right")).rejects.toThrow("cannot be written (Postgres says 42501), so nothing was changed");
		const held = database.$transaction(
			async (tx) => {
				await tx.$executeRaw`select 1 from audit_head for update`;
				await expect(create(database, "head-held")).rejects.toThrow(
					"cannot be written (Postgres says 55P03), so nothing was changed",
				);
			},
			{ timeout: 30_000 },
		);
		await held;
	} finally {
		await limited.$disconnect();
		await database.$executeRawUnsafe(`drop owned by ${role}`);
		await database.$executeRawUnsafe(`drop role ${role}`);
	}
	expect(await database.repository.count({ where: { name: { in: ["no-right", "head-held"] } } })).toBe(0);
});
