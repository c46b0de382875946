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
 * Files of the home that are not made anew: who the installation is, its secrets, its subnets and the audit trail's
 * checkpoints. Not: addresses of servers of one's own, hosts' folders (hosts of this machine join again), logs.
 */
export async function addHome(archive: ArchiveWriter, home: string): Promise<void> {
	const isKept = (file: string) => file !== "secrets/servers.json" && !file.startsWith("secrets/join-") && !file.endsWith(".new");
	const files = ["installation.json", "network-bridge.json", "network-fleet.json"]
		.filter((file) => existsSync(`${home}/${file}`))
		.concat(filesUnder(home, "secrets"), filesUnder(home, "audit"))
		.filter(isKept);
	for (const file of files) await archive.add(`${homePrefix}${file}`, createReadStream(`${home}/${file}`));
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
