import { existsSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { type ArchiveWriter, readArchive, writeArchive } from "@/adapters/archive/archive";
import { readInstallation } from "@/adapters/installation/read";
import { AppError } from "@/domain/errors";
import { readEnv } from "@/server/env";
import { requireRoot } from "../preflight";
import { step } from "../progress";
import { checkout } from "../setup";
import { addHome, addImages, addRepositories, type BackupFacts, factsPath } from "./contents";
import { addDatabase, type DatabaseFacts, type VolumeFacts } from "./database";

export interface BackupWishes {
	readonly withImages: boolean;
	readonly passphrase: string | null;
}

/**
 * One file with everything that cannot be made anew, while all goes on. The checkpoints of the audit trail come before
 * the database, repositories and images after it: whatever happens meanwhile, nothing in it names what is not in it.
 * It is read again as a whole before it has its name. Returns its size in bytes, and what of services is not in it.
 */
export async function backup(
	home: string,
	file: string,
	wishes: BackupWishes,
): Promise<{ readonly bytes: number; readonly volumes: readonly VolumeFacts[] }> {
	requireRoot(process.getuid?.());
	if (existsSync(file)) throw new AppError("conflict", `${file} is there already: give another name.`);
	if (!existsSync(dirname(file))) throw new AppError("not-found", `There is no folder ${dirname(file)}: make it first.`);
	const facts: BackupFacts = {
		format: 1,
		madeAt: new Date().toISOString(),
		installation: readInstallation(home).id,
		version: ownVersion(),
		hasImages: wishes.withImages,
	};
	const work = `${file}.${process.pid}.new`;
	let volumes: readonly VolumeFacts[] = [];
	try {
		await writeArchive(work, wishes.passphrase, async (archive) => {
			volumes = (await addAll(archive, home, facts)).volumes ?? [];
		});
		await step("Reading it again", () => readArchive(work, wishes.passphrase, async () => undefined));
		renameSync(work, file);
	} finally {
		rmSync(work, { force: true });
	}
	return { bytes: statSync(file).size, volumes };
}

async function addAll(archive: ArchiveWriter, home: string, facts: BackupFacts): Promise<DatabaseFacts> {
	const { databaseUrl } = readEnv({ SLUICE_HOME: home });
	await archive.addText(factsPath, JSON.stringify(facts));
	await step("Secrets and settings", () => addHome(archive, home));
	const database = await step("Database", async (note) => {
		try {
			return await addDatabase(archive, databaseUrl, note);
		} catch (cause) {
			if ((cause as { code?: string }).code !== "ECONNREFUSED") throw cause;
			throw new AppError("unavailable", "The database does not answer: run `sluice up`, then this again.", { cause });
		}
	});
	await step("Repositories", () => addRepositories(archive, home));
	if (facts.hasImages) await step("Images", (note) => addImages(archive, home, note));
	return database;
}

function ownVersion(): string {
	return (JSON.parse(readFileSync(`${checkout}/package.json`, "utf8")) as { version: string }).version;
}
