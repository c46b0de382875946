import { chmodSync, createWriteStream, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { all, readArchive } from "@/adapters/archive/archive";
import { repositoryPath } from "@/adapters/git/bare";
import { unbundle } from "@/adapters/git/bundle";
import { readInstallation } from "@/adapters/installation/read";
import { AppError } from "@/domain/errors";
import { type Installation, machineDirectory, pathsOf } from "@/domain/installation";
import { migrate } from "@/prisma/migrate";
import { readEnv } from "@/server/env";
import { writeAtomically } from "../atomic-file";
import { command } from "../command";
import { restoringFile } from "../installation";
import { recordHome } from "../kept-home";
import { ensurePackages } from "../obtain/programs";
import { postgres, preparePostgres } from "../postgres";
import { freeSpace, requireDisk, requireKnownSystem, requireRoot, takenPorts } from "../preflight";
import { step } from "../progress";
import { checkout, ownEnvironment, ownProgram, type Setup } from "../setup";
import { applySpec, supervisorSources, waitReady } from "../supervisor/control";
import { uninstall } from "../uninstall";
import {
	type BackupFacts,
	bundlePrefix,
	factsPath,
	homePrefix,
	imagesPrefix,
	placeUnder,
	type RepositoryFacts,
	repositoriesPath,
} from "./contents";
import { type DatabaseFacts, factsIn, fillDatabase, tableOf, type VolumeFacts } from "./database";

export interface RestoreWishes {
	readonly passphrase: string | null;
	/** Instead of the addresses of the machine that the backup is of; undefined = the same. */
	readonly relayAddresses?: readonly string[];
}

interface Backup {
	readonly file: string;
	readonly passphrase: string | null;
	readonly facts: BackupFacts;
	readonly database: DatabaseFacts;
	readonly installation: Installation;
}

const readyDeadlineMs = 120_000;

/**
 * Makes an installation out of a backup, in a home that is empty on a machine that has nothing of it. The whole file is
 * checked before anything is made; then files, repositories and the database; and before anything can be published, the
 * revisions are lifted above all that hosts may hold (docs/adr/0010). `up` runs it afterwards. What fails in the middle
 * leaves nothing; what is killed in the middle leaves a mark that `up` and `doctor` see.
 */
export async function restore(
	home: string,
	file: string,
	wishes: RestoreWishes,
): Promise<BackupFacts & { readonly volumes: readonly VolumeFacts[] }> {
	requireRoot(process.getuid?.());
	requireKnownSystem();
	requireDisk(freeSpace(home));
	requireEmpty(home);
	const backup = await step("Checking the backup", () => check(file, wishes));
	requireUnknownHere(backup.installation);
	const [taken] = takenPorts(home, backup.installation, { databaseUrl: null, temporalAddress: null, generation: "" });
	if (taken !== undefined) throw new AppError("conflict", taken.replace(/, or run `sluice up --port-base \d+`/, ""));
	mkdirSync(home, { recursive: true });
	writeFileSync(restoringFile(home), "");
	try {
		await restoreAll(home, backup);
		rmSync(restoringFile(home));
	} catch (error) {
		// Without it `uninstall` finds no installation.
		writeAtomically(pathsOf(home).installation, JSON.stringify(backup.installation));
		await step("Removing what was made", () => uninstall(home, { withCache: false, withVolumes: false }));
		throw error;
	}
	return { ...backup.facts, volumes: backup.database.volumes ?? [] };
}

function requireEmpty(home: string): void {
	if (!existsSync(home) || readdirSync(home).length === 0) return;
	throw new AppError(
		"conflict",
		`${home} is not empty, and a restore overwrites nothing: run \`sluice uninstall\` first if its data is not needed, or set SLUICE_HOME to another folder.`,
	);
}

function requireUnknownHere({ id }: Installation): void {
	if (!existsSync(machineDirectory(id))) return;
	throw new AppError(
		"conflict",
		`The installation ${id} is on this machine already (${machineDirectory(id)}): \`sluice doctor\` says whether its home is gone; then \`sluice uninstall --orphan ${id}\` removes it.`,
	);
}

/** All of it is read, so whatever comes later is what was written. */
async function check(file: string, { passphrase, relayAddresses }: RestoreWishes): Promise<Backup> {
	let facts: BackupFacts | null = null;
	let database: DatabaseFacts | null = null;
	let installation: Installation | null = null;
	await readArchive(file, passphrase, async (path, content) => {
		if (path === factsPath) facts = JSON.parse((await all(content)).toString("utf8")) as BackupFacts;
		if (path === `${homePrefix}installation.json`)
			installation = JSON.parse((await all(content)).toString("utf8")) as Installation;
		if (path.startsWith("database/") && tableOf(path) === null) database ??= factsIn(path, await all(content));
	});
	const found = { facts, database, installation } as {
		facts: BackupFacts | null;
		database: DatabaseFacts | null;
		installation: Installation | null;
	};
	if (found.facts === null || found.database === null || found.installation === null)
		throw new AppError(
			"invalid",
			`${file} is no backup of Sluice: it holds no ${found.facts === null ? "facts" : "database or installation"}.`,
		);
	if (found.facts.format !== 1)
		throw new AppError("invalid", `${file} was made by a newer Sluice (${found.facts.version}): restore it with that version.`);
	if (!/^[a-z][a-z0-9]{5}$/.test(found.installation.id)) throw new AppError("invalid", `${file} names no installation.`);
	const named = relayAddresses === undefined ? found.installation : { ...found.installation, relayAddresses };
	return { file, passphrase, facts: found.facts, database: found.database, installation: named };
}

async function restoreAll(home: string, backup: Backup): Promise<void> {
	const { installation } = backup;
	await ensurePackages(["git"]);
	await step("Files, repositories and images", () => restoreFiles(home, backup));
	recordHome(home, installation.id);
	const programs = { temporal: "", envoy: "", registry: "", prometheus: null };
	const setup: Setup = { root: checkout, home, installation: readInstallation(home), programs };
	await step("Postgres", async () => {
		await preparePostgres(setup);
		const locks = [`sluice-supervisor-${installation.id}`];
		const spec = { name: "installation", home, program: supervisorSources(checkout), locks, components: [postgres(setup)] };
		applySpec(checkout, spec);
		await waitReady(spec, readyDeadlineMs);
	});
	await step("Database", () => restoreDatabase(home, backup));
	await step("Revisions above those of all hosts", () => lift(home, backup.facts));
}

async function restoreFiles(home: string, { file, passphrase, installation }: Backup): Promise<void> {
	const paths = pathsOf(home);
	for (const folder of [paths.logs, paths.run, paths.repositories]) mkdirSync(folder, { recursive: true });
	mkdirSync(paths.secrets, { mode: 0o700 });
	const bundles = `${paths.run}/bundles`;
	let repositories: readonly RepositoryFacts[] = [];
	await readArchive(file, passphrase, async (path, content) => {
		if (path === repositoriesPath) repositories = JSON.parse((await all(content)).toString("utf8")) as RepositoryFacts[];
		const target = targetOf(path, [
			[homePrefix, home],
			[imagesPrefix, paths.registry],
			[bundlePrefix, bundles],
		]);
		if (target === null) return;
		mkdirSync(dirname(target), { recursive: true });
		// Nobody says whether a file of the home holds a secret.
		await pipeline(content, createWriteStream(target, { flags: "wx", mode: path.startsWith(homePrefix) ? 0o600 : 0o644 }));
	});
	chmodSync(paths.secrets, 0o700);
	writeAtomically(paths.installation, `${JSON.stringify(installation, null, "\t")}\n`);
	for (const { name, defaultBranch, isEmpty } of repositories)
		await unbundle(repositoryPath(paths.repositories, name), defaultBranch, isEmpty ? null : placeUnder(bundles, name));
	rmSync(bundles, { recursive: true, force: true });
}

function targetOf(path: string, places: readonly (readonly [prefix: string, folder: string])[]): string | null {
	const place = places.find(([prefix]) => path.startsWith(prefix));
	return place ? placeUnder(place[1], path.slice(place[0].length)) : null;
}

async function restoreDatabase(home: string, { file, passphrase, database }: Backup): Promise<void> {
	const { databaseUrl } = readEnv({ SLUICE_HOME: home });
	const client = new pg.Client({ connectionString: databaseUrl.replace(/\/sluice$/, "/postgres") });
	await client.connect();
	try {
		await client.query("create database sluice");
	} finally {
		await client.end();
	}
	await fillDatabase(databaseUrl, database, (onTable) =>
		readArchive(file, passphrase, async (path, content) => {
			const table = tableOf(path);
			if (table !== null) await onTable(table, content);
		}),
	);
	await migrate(databaseUrl);
}

/** The control plane's own code, in a process of its own. */
async function lift(home: string, { madeAt }: BackupFacts): Promise<void> {
	const argv = ownProgram(checkout, "server/after-restore.ts", madeAt);
	const env = {
		...process.env,
		...ownEnvironment({ root: checkout, home }),
		DATABASE_URL: undefined,
		TEMPORAL_ADDRESS: undefined,
	};
	await command("Lifting the revisions", argv, { cwd: checkout, env });
}
