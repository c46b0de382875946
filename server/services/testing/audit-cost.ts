/**
 * `npx tsx server/services/testing/audit-cost.ts` says what the audit chain costs: changes a second of 20 writers at once, each a transaction that updates a row of its own
 * and records it, on a durable Postgres of its own. Against the same with a plain row in a table without a chain, as it
 * was before; in turns. Then how fast a trail of that length is verified. Ends with 1 when it is not whole.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { ensureAuditKey } from "@/adapters/audit/key";
import { pathsOf } from "@/domain/installation";
import { systemActor } from "@/domain/roles";
import { migrate } from "@/prisma/migrate";
import { verifyAudit } from "@/server/services/audit-verify";
import { recordAudit } from "@/server/store/audit";
import { type Database, openDatabase, type Tx } from "@/server/store/client";
import { startScratchServer } from "@/server/store/testing/scratch-server";

const writers = 20;
const rounds = 5;
const roundMs = 4_000;

interface Round {
	readonly perSecond: number;
	readonly latenciesMs: readonly number[];
}

async function measureAll(): Promise<boolean> {
	const home = mkdtempSync(`${tmpdir()}/sluice-bench-audit-`);
	const paths = pathsOf(home);
	const server = await startScratchServer(true);
	const database = openDatabase(server.url, () => ensureAuditKey(paths.auditKey), writers);
	try {
		await migrate(server.url);
		await database.$executeRaw`create table plain_audit as table audit`;
		await database.$executeRaw`create sequence plain_audit_id`;
		for (const writer of Array(writers).keys())
			await database.attempt.create({ data: { key: `w${writer}`, count: 0, since: new Date() } });
		const [plain, chained]: [Round[], Round[]] = [[], []];
		for (let round = 0; round < rounds; round += 1) {
			plain.push(await measure(database, recordPlain));
			chained.push(await measure(database, recordChained));
		}
		process.stdout.write(`${lineOf("a plain row, no chain", plain)}\n${lineOf("a row in the chain", chained)}\n`);
		return await verifyAll(database, { paths, installation: { id: "bench1", portBase: 0, domain: "", fleet: [] } });
	} finally {
		await database.$disconnect();
		await server.stop();
		rmSync(home, { recursive: true });
	}
}

type Record = (tx: Tx, writer: number) => Promise<void>;

const said = { action: "bench.change", subjectKind: "bench", subject: "b", summary: "olga changed something of a usual length" };

const recordChained: Record = (tx) => recordAudit(tx, systemActor, { ...said, data: { from: 1, to: 2 } });

const recordPlain: Record = async (tx) => {
	await tx.$executeRaw`insert into plain_audit (id, at, "actorKind", "actorId", "actorName", action, "subjectKind", subject, summary, data)
		values (nextval('plain_audit_id'), now(), 'system', 'sluice', 'sluice', ${said.action}, ${said.subjectKind}, ${said.subject}, ${said.summary}, '{"from": 1, "to": 2}')`;
};

async function measure(database: Database, record: Record): Promise<Round> {
	const latenciesMs: number[] = [];
	const start = performance.now();
	const write = async (writer: number): Promise<void> => {
		while (performance.now() - start < roundMs) {
			const begun = performance.now();
			await database.$transaction(async (tx) => {
				await tx.attempt.update({ where: { key: `w${writer}` }, data: { count: { increment: 1 } } });
				await record(tx, writer);
			});
			latenciesMs.push(performance.now() - begun);
		}
	};
	await Promise.all([...Array(writers).keys()].map(write));
	return { perSecond: (latenciesMs.length * 1_000) / (performance.now() - start), latenciesMs };
}

function lineOf(name: string, measured: readonly Round[]): string {
	const perSecond = measured.map((round) => Math.round(round.perSecond));
	const latencies = measured.flatMap((round) => round.latenciesMs);
	const [p50, p99] = [0.5, 0.99].map((q) => `${quantile(latencies, q).toFixed(0)} ms`);
	return `${name}: median ${quantile(perSecond, 0.5)} changes a second (${perSecond.join(" ")}), p50 ${p50}, p99 ${p99}`;
}

function quantile(values: readonly number[], q: number): number {
	return values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(q * values.length) - 1)] ?? 0;
}

async function verifyAll(database: Database, env: Parameters<typeof verifyAudit>[0]["env"]): Promise<boolean> {
	const begun = performance.now();
	let rows = 0;
	for (let after: bigint | null = null; ; ) {
		const part = await verifyAudit({ database, env }, after);
		rows += part.rows;
		if (part.problem) process.stdout.write(`${part.problem.sentence}\n`);
		if (part.next === null) {
			const seconds = (performance.now() - begun) / 1_000;
			process.stdout.write(`${rows} rows verified in ${seconds.toFixed(1)} s: ${(rows / seconds).toFixed(0)} a second\n`);
			return part.problem === null;
		}
		after = BigInt(part.next);
	}
}

process.exitCode = (await measureAll()) ? 0 : 1;
