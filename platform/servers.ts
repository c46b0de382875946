import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { Connection } from "@temporalio/client";
import { Client } from "pg";
import { embeddedServers, type OwnServers, readServers } from "@/adapters/installation/servers";
import { AppError, messageOf } from "@/domain/errors";
import { pathsOf } from "@/domain/installation";
import { writeAtomically } from "./atomic-file";
import { fingerprintOf } from "./fingerprint";
import type { Setup } from "./setup";

/** What the user's variables say; undefined = as it was, "" = the embedded one again. */
export interface ServerWishes {
	readonly databaseUrl?: string;
	readonly temporalAddress?: string;
}

/** The oldest that its makers still look after. */
const leastPostgres = 14;
/** The first with what our client asks of a namespace. */
const leastTemporal = [1, 22] as const;
const answerMs = 10_000;

/** The servers as they should be: what is kept, changed by the wishes. Throws `invalid` without showing what was given. */
export function wishedServers(
	kept: OwnServers,
	wishes: ServerWishes,
	newGeneration = () => randomBytes(9).toString("hex"),
): OwnServers {
	const choose = (wish: string | undefined, before: string | null) => (wish === undefined ? before : wish === "" ? null : wish);
	const databaseUrl = choose(wishes.databaseUrl, kept.databaseUrl);
	const temporalAddress = choose(wishes.temporalAddress, kept.temporalAddress);
	if (databaseUrl !== null) placeOf(databaseUrl);
	if (temporalAddress !== null && !/^[^\s/:]+:\d{1,5}$/.test(temporalAddress)) {
		throw new AppError("invalid", `TEMPORAL_ADDRESS is host:port, as in temporal.example:7233, not ${temporalAddress}.`);
	}
	if (databaseUrl === kept.databaseUrl && temporalAddress === kept.temporalAddress) return kept;
	if (databaseUrl === null && temporalAddress === null) return embeddedServers;
	return { databaseUrl, temporalAddress, generation: newGeneration() };
}

/** Kept for every later command and process of this home: only its owner reads it. */
export function writeServers(home: string, servers: OwnServers): void {
	if (servers === embeddedServers) rmSync(pathsOf(home).servers, { force: true });
	else writeAtomically(pathsOf(home).servers, `${JSON.stringify(servers, null, "\t")}\n`, 0o600);
}

/** A component that talks to them starts again when they change; embedded ones change nothing. */
export function withServers(setup: Pick<Setup, "home">, fingerprint: string): string {
	const { generation } = readServers(setup.home);
	return generation === "" ? fingerprint : fingerprintOf([fingerprint, generation]);
}

/** `host:port, database name`, which is all of an address that is ever shown. Throws `invalid`. */
export function placeOf(databaseUrl: string): string {
	const url = URL.canParse(databaseUrl) ? new URL(databaseUrl) : null;
	if (url && /^postgres(ql)?:$/.test(url.protocol) && url.hostname !== "" && url.pathname.length > 1) {
		return `${url.hostname}:${url.port || "5432"}, database ${decodeURIComponent(url.pathname.slice(1))}`;
	}
	throw new AppError("invalid", "DATABASE_URL is postgresql://user:password@host:port/database: what is set is of another form.");
}

export interface ServerAnswer {
	readonly name: "postgres" | "temporal";
	/** null = it answers and is new enough. */
	readonly problem: string | null;
}

/** Asks the servers that are the user's own; never throws. */
export async function askServers({ databaseUrl, temporalAddress }: OwnServers): Promise<ServerAnswer[]> {
	const answer = async (name: ServerAnswer["name"], problem: Promise<string | null>) => ({ name, problem: await problem });
	return Promise.all([
		...(databaseUrl === null ? [] : [answer("postgres", whyNotPostgres(databaseUrl))]),
		...(temporalAddress === null ? [] : [answer("temporal", whyNotTemporal(temporalAddress))]),
	]);
}

/** Throws `unavailable` with what is wrong with each. */
export async function requireServers(servers: OwnServers): Promise<void> {
	const problems = (await askServers(servers)).flatMap(({ problem }) => (problem === null ? [] : [problem]));
	if (problems.length > 0) throw new AppError("unavailable", problems.join("\n"));
}

/** Its clock beside this machine's; null = it does not answer. */
export async function clockOf(
	databaseUrl: string,
): Promise<{ machineMs: number; otherMs: number; roundTripMs: number; source: string } | null> {
	const began = performance.now();
	try {
		const sql = "select (extract(epoch from clock_timestamp()) * 1000)::float8 as now";
		const [row] = await query<{ now: number }>(databaseUrl, sql);
		const source = `the Postgres of DATABASE_URL (${placeOf(databaseUrl)})`;
		return row ? { machineMs: Date.now(), otherMs: row.now, roundTripMs: performance.now() - began, source } : null;
	} catch {
		return null;
	}
}

async function whyNotPostgres(databaseUrl: string): Promise<string | null> {
	const where = `Postgres of DATABASE_URL (${placeOf(databaseUrl)})`;
	try {
		const [row] = await query<{ version: number }>(databaseUrl, "select current_setting('server_version_num')::int as version");
		const major = Math.floor((row?.version ?? 0) / 10_000);
		return major >= leastPostgres
			? null
			: `The ${where} is version ${major}, and ${leastPostgres} is the oldest that will do: upgrade it.`;
	} catch (error) {
		return `The ${where} cannot be used: ${withoutPassword(messageOf(error), databaseUrl)}. Check that it runs, and the user, the password and the name of the database.`;
	}
}

async function whyNotTemporal(address: string): Promise<string | null> {
	const where = `Temporal of TEMPORAL_ADDRESS (${address})`;
	try {
		const connection = await Connection.connect({ address, connectTimeout: answerMs });
		try {
			const { serverVersion } = await connection.withDeadline(Date.now() + answerMs, () =>
				connection.workflowService.getSystemInfo({}),
			);
			return isTemporalNewEnough(serverVersion ?? "")
				? null
				: `The ${where} is version ${serverVersion}, and ${leastTemporal.join(".")} is the oldest that will do: upgrade it.`;
		} finally {
			await connection.close();
		}
	} catch (error) {
		return `The ${where} cannot be reached: ${messageOf(error)}. Check that it runs and that this machine may connect.`;
	}
}

function isTemporalNewEnough(version: string): boolean {
	const [major = 0, minor = 0] = version.split(".").map(Number);
	return major > leastTemporal[0] || (major === leastTemporal[0] && minor >= leastTemporal[1]);
}

/** Hosts that joined are known to the database that they joined with: of these, the ones that this one does not know. */
export async function unknownHosts(databaseUrl: string, hosts: readonly string[]): Promise<string[]> {
	const [table] = await query<{ name: string | null }>(databaseUrl, "select to_regclass('host')::text as name");
	if (!table?.name) return [...hosts];
	const known = await query<{ id: string }>(databaseUrl, "select id from host");
	return hosts.filter((host) => !known.some(({ id }) => id === host));
}

async function query<T extends object>(databaseUrl: string, sql: string): Promise<T[]> {
	const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: answerMs, query_timeout: answerMs });
	// A connection that breaks after its answer is no news.
	client.on("error", () => undefined);
	try {
		await client.connect();
		return (await client.query<T>(sql)).rows;
	} finally {
		await client.end().catch(() => undefined);
	}
}

/** No message of a driver has held one so far; this keeps it so. */
function withoutPassword(message: string, databaseUrl: string): string {
	const { password } = new URL(databaseUrl);
	return [password, decodeURIComponent(password)]
		.filter((secret) => secret !== "")
		.reduce((text, secret) => text.replaceAll(secret, "***"), message);
}
