import { createReadStream, existsSync, readdirSync } from "node:fs";
import type { ArchiveWriter } from "@/adapters/archive/archive";
import { repositoryPath } from "@/adapters/git/bare";
import { bundleOf, defaultBranchOf, hasRefs } from "@/adapters/git/bundle";
import { AppError } from "@/domain/errors";
import { pathsOf } from "@/domain/installation";

/** The first file of a backup: whether it can be restored here is seen by it. */
export interface BackupFacts {
	readonly format: 1;
	/** By the clock of the machine that made it. */
	readonly madeAt: string;
	readonly installation: string;
	readonly version: string;
	readonly hasImages: boolean;
}

export const factsPath = "backup.json";
export const homePrefix = "home/";
export const imagesPrefix = "images/";
export const repositoriesPath = "git/repositories.json";
export const bundlePrefix = "git/bundles/";

export interface RepositoryFacts {
	readonly name: string;
	readonly defaultBranch: string;
	readonly isEmpty: boolean;
}

/**
 * What of a home is not copied, by its path in it (of a folder: with its slash), and why. Everything else is in the
 * backup, also what nobody has thought of: a new file that can be made anew is added here.
 */
export const notCopied: Readonly<Record<string, string>> = {
	"git/": "repositories are in it as bundles",
	"registry/": "images are in it when that is asked for",
	"temporal.db": "Temporal's histories: rollouts go on without them (docs/adr/0010)",
	"temporal.db-shm": "of Temporal's histories",
	"temporal.db-wal": "of Temporal's histories",
	"logs/": "what the components and services of the old machine wrote",
	"prometheus/": "measurements of the old machine; its configuration is written by `up`",
	"run/": "what runs on the old machine",
	"portal/": "built by `up`",
	"builds/": "of pipelines that run",
	"hosts/": "hosts of this machine join again",
	"registry.yml": "written by `up`",
	"registry-read-only.yml": "written by `up`",
	"relay-addresses.json": "written by `up`",
	"secrets/servers.json": "addresses of servers of the old machine's user; a restore makes embedded ones",
	".restoring": "of a restore that is not whole",
};

export function isCopied(file: string): boolean {
	// A file that is being written, and a token that is used up once its host has joined.
	if (file.endsWith(".new") || file.startsWith("secrets/join-")) return false;
	return !Object.keys(notCopied).some((path) => (path.endsWith("/") ? file.startsWith(path) : file === path));
}

/**
 * Files of the home that are not made anew: who the installation is, its secrets, its subnets, the audit trail's
 * checkpoints, what its operator wrote (`webhook.json`, `import.json`, `images.json`) and whatever else is there.
 */
export async function addHome(archive: ArchiveWriter, home: string): Promise<void> {
	for (const file of copiedFiles(home)) await archive.add(`${homePrefix}${file}`, createReadStream(`${home}/${file}`));
}

function copiedFiles(home: string): string[] {
	const top = readdirSync(home, { withFileTypes: true });
	const folders = top.filter((entry) => entry.isDirectory() && isCopied(`${entry.name}/`));
	return top
		.filter((entry) => entry.isFile())
		.map(({ name }) => name)
		.concat(folders.flatMap(({ name }) => filesUnder(home, name)))
		.filter(isCopied)
		.sort();
}

/** Relative to `root`. */
function filesUnder(root: string, folder: string): string[] {
	if (!existsSync(`${root}/${folder}`)) return [];
	return readdirSync(`${root}/${folder}`, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => `${entry.parentPath}/${entry.name}`.slice(root.length + 1))
		.sort();
}

/** After the database: a push that it does not know yet is found and recorded after a restore, the other way round not. */
export async function addRepositories(archive: ArchiveWriter, home: string): Promise<void> {
	const folder = pathsOf(home).repositories;
	const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".git")) : [];
	const facts: RepositoryFacts[] = [];
	for (const name of names.map((file) => file.slice(0, -".git".length))) {
		const path = repositoryPath(folder, name);
		const isEmpty = !(await hasRefs(path));
		facts.push({ name, defaultBranch: await defaultBranchOf(path), isEmpty });
		if (!isEmpty) await archive.add(`${bundlePrefix}${name}`, bundleOf(path));
	}
	await archive.addText(repositoriesPath, JSON.stringify(facts));
}

/** What names blobs comes before the blobs, so that every blob that is named is there. */
export async function addImages(archive: ArchiveWriter, home: string, note: (detail: string) => void): Promise<void> {
	const root = pathsOf(home).registry;
	const base = "docker/registry/v2";
	const names = filesUnder(root, `${base}/repositories`).filter((file) => !file.includes("/_uploads/"));
	const files = [...names, ...filesUnder(root, `${base}/blobs`)];
	for (const [index, file] of files.entries()) {
		note(`file ${index + 1} of ${files.length}`);
		await archive.add(`${imagesPrefix}${file}`, createReadStream(`${root}/${file}`));
	}
}

/** Where a file of the archive goes. Throws `invalid` for a path that leads anywhere else. */
export function placeUnder(root: string, relative: string): string {
	const isPlain = relative.split("/").every((part) => part !== "" && part !== "." && part !== ".." && !part.includes("\0"));
	if (!isPlain)
		throw new AppError("invalid", `The backup holds a file "${relative}" that leads out of its folder: it is not restored.`);
	return `${root}/${relative}`;
}
