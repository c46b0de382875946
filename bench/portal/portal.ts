import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createWriteStream, readFileSync } from "node:fs";
import type { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { pathsOf, portOf } from "@/domain/installation";
import { preparePortal, portal as specOf } from "@/platform/portal";
import { checkout } from "@/platform/setup";
import { administrator, openTestPortal } from "@/server/testing/portal";
import { seed } from "./seed";

export interface BenchPortal {
	readonly address: string;
	/** Of the administrator: `name=value` pairs, and a token. */
	readonly cookies: readonly { readonly name: string; readonly value: string }[];
	readonly token: string;
	/** Milliseconds of processor time that its process has taken so far: says what a question costs however busy the machine is. */
	processorMs(): number;
	close(): Promise<void>;
}

const portBase = Number(process.env.SLUICE_BENCH_PORT_BASE ?? 18_400);

/**
 * A portal as `sluice up` runs it, built and in production mode, as a process of its own on a home and a Postgres of its
 * own with generated rows. There is no worker and no relay: only what answers pages is measured.
 */
export async function openPortal(note: (what: string) => void): Promise<BenchPortal> {
	// A home that somebody has set would lend its Postgres.
	delete process.env.SLUICE_HOME;
	const inside = await openTestPortal(portBase);
	let child: ChildProcessByStdio<null, Readable, Readable> | null = null;
	const ended = () =>
		new Promise<void>((resolve) => (child === null || child.exitCode !== null ? resolve() : child.once("exit", () => resolve())));
	const close = async () => {
		child?.kill("SIGTERM");
		await ended();
		await inside.close();
	};
	try {
		const { home, databaseUrl, installation } = inside.deps.env;
		await seed(databaseUrl, note);
		const setup = { root: checkout, home, installation, programs: { temporal: "", envoy: "", registry: "", prometheus: null } };
		note("the portal's build");
		await preparePortal(setup, () => {});
		const { argv, cwd, env } = specOf(setup);
		const [program = "", ...words] = argv;
		const started = spawn(program, words, {
			cwd,
			env: { ...env, NODE_ENV: "production", DATABASE_URL: databaseUrl },
			stdio: ["ignore", "pipe", "pipe"],
		});
		const log = createWriteStream(`${home}/portal.log`);
		child = started;
		started.stdout.pipe(log);
		started.stderr.pipe(log);
		const address = `http://localhost:${portOf(portBase, "portal")}`;
		await ready(address, () => started.exitCode, `${home}/portal.log`);
		return {
			address,
			cookies: await signIn(address),
			token: readFileSync(pathsOf(home).apiToken, "utf8").trim(),
			processorMs: () => processorMs(started.pid ?? 0),
			close,
		};
	} catch (error) {
		await close();
		throw error;
	}
}

/** User and system time, which Linux counts in hundredths of a second. */
function processorMs(pid: number): number {
	const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
	const [user = 0, system = 0] = stat
		.slice(stat.lastIndexOf(")") + 2)
		.split(" ")
		.slice(11, 13)
		.map(Number);
	return (user + system) * 10;
}

async function ready(address: string, exitCode: () => number | null, log: string): Promise<void> {
	for (const endsAt = performance.now() + 60_000; performance.now() < endsAt; await pause(100)) {
		const answer = await fetch(`${address}/api/health`).catch(() => null);
		if (answer?.ok) return;
		if (exitCode() !== null) break;
	}
	throw new Error(`The portal did not start:\n${readFileSync(log, "utf8").slice(-2_000)}`);
}

async function signIn(address: string): Promise<{ name: string; value: string }[]> {
	const answer = await fetch(`${address}/api/auth/sign-in/email`, {
		method: "POST",
		headers: { "content-type": "application/json", origin: address },
		body: JSON.stringify(administrator),
	});
	if (!answer.ok) throw new Error(`Nobody could sign in: ${answer.status} ${await answer.text()}`);
	return answer.headers.getSetCookie().map((cookie) => {
		const [pair = ""] = cookie.split(";");
		const at = pair.indexOf("=");
		return { name: pair.slice(0, at), value: pair.slice(at + 1) };
	});
}
