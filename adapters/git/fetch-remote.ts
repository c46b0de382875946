import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createBareRepository } from "@/adapters/git/bare";
import type { ImportSettings } from "@/adapters/git/import-settings";
import { allowedAddresses, type LookUp, lookUpHost, networksOf } from "@/adapters/git/public-network";
import { git, gitEnvironment } from "@/adapters/git/run";
import { AppError } from "@/domain/errors";
import { type ImportAddress, parseImportAddress } from "@/domain/import/address";

export interface RemoteRepository {
	readonly address: string;
	/** For a private one; handed to git through askpass, and kept nowhere. */
	readonly credentials: { readonly username: string; readonly password: string } | null;
	/** As the reflog names who pushed. */
	readonly pusher: { readonly name: string; readonly email: string };
}

export interface FetchLimits {
	readonly bytes: number;
	readonly ms: number;
}

/** A program that waits for the answer waits 5 minutes for its first byte. */
const fetchLimits: FetchLimits = { bytes: 1024 ** 3, ms: 4 * 60_000 };
const sizeCheckMs = 250;
const keptWords = 16 * 1024;

/**
 * Copies the default branch of a repository elsewhere, with its history, into a new bare repository at `path`, and
 * says what the branch is called. Only https, only to addresses that were checked, no redirect, no submodule, no
 * hook, every object checked, within limits of size and time. Throws a sentence; then nothing is left at `path`.
 */
export async function fetchRemote(
	path: string,
	remote: RemoteRepository,
	settings: ImportSettings,
	{ limits = fetchLimits, lookUp = lookUpHost }: { readonly limits?: FetchLimits; readonly lookUp?: LookUp } = {},
): Promise<string> {
	const until = Date.now() + limits.ms;
	try {
		return await reach(remote, settings, lookUp, async (settled) => {
			const branch = await defaultBranch(settled, { until, ms: limits.ms, limit: null });
			await createBareRepository(path, branch);
			const ref = `refs/heads/${branch}`;
			await fetchRef(path, `+${ref}:${ref}`, settled, { until, ms: limits.ms, bytes: limits.bytes });
			return branch;
		});
	} catch (error) {
		rmSync(path, { recursive: true, force: true });
		throw error;
	}
}

export interface TakenOver {
	/** The branch's head before and after; the same = there was nothing new. */
	readonly from: string;
	readonly to: string;
}

/**
 * Moves a branch of our own to where it is in a repository elsewhere, if nothing of ours is lost by it, and says from
 * where to where. Fetched as above. Throws `conflict` when the branch here has commits that the one there has not,
 * `unavailable` when somebody pushed meanwhile, and what a fetch says; then the branch is where it was.
 */
export async function takeOverBranch(
	path: string,
	branch: string,
	remote: RemoteRepository,
	settings: ImportSettings,
	{ limits = fetchLimits, lookUp = lookUpHost }: { readonly limits?: FetchLimits; readonly lookUp?: LookUp } = {},
): Promise<TakenOver> {
	const until = Date.now() + limits.ms;
	const ref = `refs/heads/${branch}`;
	const arrived = `refs/sluice/arrived/${randomUUID()}`;
	try {
		const kept = folderBytes(path);
		await reach(remote, settings, lookUp, (settled) =>
			fetchRef(path, `+${ref}:${arrived}`, settled, { until, ms: limits.ms, bytes: kept + limits.bytes }),
		);
		const commit = async (name: string) => (await git(["--git-dir", path, "rev-parse", "--verify", `${name}^{commit}`])).trim();
		const [from, to] = [await commit(ref), await commit(arrived)];
		if (from === to) return { from, to };
		const own = (await git(["--git-dir", path, "rev-list", "--count", `${to}..${from}`, "--"])).trim();
		if (own !== "0") throw new AppError("conflict", whyNotForward(branch, own, remote.address));
		const { name, email } = remote.pusher;
		const pusher = { GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email };
		await git(["--git-dir", path, "update-ref", "-m", "push", ref, to, from], pusher).catch((cause: unknown) => {
			throw new AppError("unavailable", `Somebody pushed to ${branch} here meanwhile: it is looked at again.`, { cause });
		});
		return { from, to };
	} finally {
		await git(["--git-dir", path, "update-ref", "-d", arrived]).catch(() => {});
	}
}

function whyNotForward(branch: string, own: string, address: string): string {
	const commits = own === "1" ? "1 commit" : `${own} commits`;
	return `${branch} here has ${commits} that ${address} has not (its sluice.yaml, perhaps), and none is thrown away: push them there, too, and its next push is taken over.`;
}

/** What git needs to speak to this repository and no other; the secret's file is gone afterwards. */
async function reach<T>(
	remote: RemoteRepository,
	settings: ImportSettings,
	lookUp: LookUp,
	use: (settled: Settled) => Promise<T>,
): Promise<T> {
	const address = parseImportAddress(remote.address);
	const addresses = await allowedAddresses(address.host, networksOf(settings.networks), lookUp);
	const secrets = mkdtempSync(join(tmpdir(), "sluice-askpass-"));
	try {
		const configuration = configurationOf(address, addresses, settings);
		return await use({ address, configuration, environment: environmentOf(secrets, remote) });
	} finally {
		rmSync(secrets, { recursive: true, force: true });
	}
}

async function fetchRef(
	path: string,
	refspec: string,
	settled: Settled,
	{ until, ms, bytes }: { readonly until: number; readonly ms: number; readonly bytes: number },
): Promise<void> {
	const only = ["--no-tags", "--no-recurse-submodules", "--no-auto-maintenance", "--no-write-fetch-head", "--quiet"];
	const argv = ["--git-dir", path, ...settled.configuration, "fetch", ...only, "--", settled.address.url, refspec];
	await run(argv, settled, { until, ms, limit: { folder: path, bytes } });
}

interface Settled {
	readonly address: ImportAddress;
	readonly configuration: readonly string[];
	readonly environment: NodeJS.ProcessEnv;
}

function configurationOf({ host, port }: ImportAddress, addresses: readonly string[], settings: ImportSettings): string[] {
	const pinned = addresses.map((one) => (one.includes(":") ? `[${one}]` : one)).join(",");
	const values = [
		// Of alternates that a server names, too.
		"http.followRedirects=false",
		`http.curloptResolve=${host}:${port}:${pinned}`,
		"http.sslVerify=true",
		"http.lowSpeedLimit=1000",
		"http.lowSpeedTime=30",
		"protocol.allow=never",
		"protocol.https.allow=always",
		"transfer.bundleURI=false",
		"fetch.fsckObjects=true",
		// Old slips of other programs, without danger and never repaired, since that would change every later commit.
		"fetch.fsck.zeroPaddedFilemode=ignore",
		"fetch.fsck.missingSpaceBeforeDate=ignore",
		"fetch.fsck.badTimezone=ignore",
		"fetch.fsck.missingSpaceBeforeEmail=ignore",
		// A larger object is streamed, never held in memory.
		"core.bigFileThreshold=16m",
		// As it arrives, so the folder's size is what was sent.
		"fetch.unpackLimit=1",
		"credential.helper=",
		"core.hooksPath=/dev/null",
		...(settings.caFile === null ? [] : [`http.sslCAInfo=${settings.caFile}`]),
	];
	return values.flatMap((value) => ["-c", value]);
}

/** The secret is in a file of its own that only this user reads, and is gone with the fetch. */
function environmentOf(folder: string, { credentials, pusher }: RemoteRepository): NodeJS.ProcessEnv {
	const script = [
		"#!/bin/sh",
		`folder=$(dirname "$0")`,
		`case "$1" in Username*) cat "$folder/username" ;; *) cat "$folder/password" ;; esac`,
		"",
	].join("\n");
	if (credentials !== null) {
		writeFileSync(join(folder, "username"), credentials.username, { mode: 0o600 });
		writeFileSync(join(folder, "password"), credentials.password, { mode: 0o600 });
		writeFileSync(join(folder, "askpass"), script, { mode: 0o700 });
	}
	return gitEnvironment({
		GIT_ALLOW_PROTOCOL: "https",
		GIT_COMMITTER_NAME: pusher.name,
		GIT_COMMITTER_EMAIL: pusher.email,
		...(credentials === null ? {} : { GIT_ASKPASS: join(folder, "askpass") }),
	});
}

async function defaultBranch(settled: Settled, limits: RunLimits): Promise<string> {
	const argv = [...settled.configuration, "ls-remote", "--symref", "--quiet", "--", settled.address.url, "HEAD"];
	const text = await run(argv, settled, limits);
	const branch = /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(text)?.[1];
	if (branch === undefined) throw new AppError("invalid", `${settled.address.url} has no default branch: is it empty?`);
	const isPlain = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/.test(branch) && !/\.\.|\/\/|\.lock(\/|$)|[./]$|\/\./.test(branch);
	if (!isPlain) throw new AppError("invalid", `The default branch of ${settled.address.url} has a name that is not taken over.`);
	return branch;
}

interface RunLimits {
	readonly until: number;
	readonly ms: number;
	readonly limit: { readonly folder: string; readonly bytes: number } | null;
}

/** git and the programs it starts are one process group, and end together. */
function run(argv: readonly string[], { address, environment }: Settled, { until, ms, limit }: RunLimits): Promise<string> {
	return new Promise((resolve, reject) => {
		const child = spawn("git", [...argv], { env: environment, stdio: ["ignore", "pipe", "pipe"], detached: true });
		let stopped: AppError | null = null;
		const stop = (error: AppError): void => {
			stopped ??= error;
			if (child.pid !== undefined && child.exitCode === null) tryKill(child.pid);
		};
		const output = gather(child.stdout);
		const words = gather(child.stderr);
		const allowed = `${Math.round(ms / 1_000)} s`;
		const late = new AppError(
			"timeout",
			`${address.url} did not arrive within ${allowed}: push it to a repository made here instead.`,
		);
		const timer = setTimeout(stop, Math.max(0, until - Date.now()), late);
		const checkSize = (): void => {
			if (limit === null || folderBytes(limit.folder) <= limit.bytes) return;
			const most = `${Math.ceil(limit.bytes / 1024 ** 2)} MB`;
			stop(new AppError("does-not-fit", `${address.url} is larger than ${most}: push it to a repository made here instead.`));
		};
		const watch = setInterval(checkSize, sizeCheckMs);
		const end = (): void => {
			clearTimeout(timer);
			clearInterval(watch);
		};
		child.once("error", (cause) => {
			end();
			reject(new AppError("unavailable", "git cannot be started on this machine.", { cause }));
		});
		child.once("close", (code) => {
			end();
			// What arrived faster than anybody looked.
			checkSize();
			if (stopped !== null) reject(stopped);
			else if (code === 0) resolve(output());
			else reject(explain(address.url, words()));
		});
	});
}

function tryKill(group: number): void {
	try {
		process.kill(-group, "SIGKILL");
	} catch {
		// It has ended by itself.
	}
}

function gather(stream: NodeJS.ReadableStream): () => string {
	let text = "";
	stream.on("data", (chunk: Buffer) => {
		if (text.length < keptWords) text += chunk.toString("utf8");
	});
	return () => text.slice(0, keptWords);
}

/** Files come and go while git works. */
function folderBytes(folder: string): number {
	try {
		return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
			const path = join(folder, entry.name);
			return sum + (entry.isDirectory() ? folderBytes(path) : (statSync(path, { throwIfNoEntry: false })?.size ?? 0));
		}, 0);
	} catch {
		return 0;
	}
}

function explain(url: string, words: string): AppError {
	if (/returned error: 30\d|redirect/i.test(words)) {
		return new AppError("invalid", `${url} leads on to another address: give the one where the repository is.`);
	}
	if (/could not read Username|terminal prompts disabled/i.test(words)) {
		return new AppError("invalid", `${url} asks for a user and a password, or does not exist: give a token that may read it.`);
	}
	if (/Authentication failed|returned error: (401|403)/i.test(words)) {
		return new AppError("invalid", `${url} refuses this user and password: give a token that may read the repository.`);
	}
	if (/not found|returned error: 404/i.test(words)) return new AppError("not-found", `There is no repository at ${url}.`);
	if (/certificate|SSL|TLS/i.test(words)) {
		return new AppError(
			"invalid",
			`The certificate of ${url} is not trusted here: an operator can name its authority in import.json.`,
		);
	}
	if (/fsck|unpack|index-pack/i.test(words)) {
		return new AppError("invalid", `${url} has objects that git itself refuses: ${lastWords(words)}`);
	}
	return new AppError("unavailable", `${url} could not be fetched: ${lastWords(words)}`);
}

/** What a server says may hold anything: one line of it, without control characters. */
function lastWords(words: string): string {
	const lines = words.split("\n").filter((line) => /^(fatal|error):/.test(line));
	return (lines[0] ?? "git says no more.").replace(/[^\x20-\x7e]/g, " ").slice(0, 300);
}
