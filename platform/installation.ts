import { randomBytes, randomInt } from "node:crypto";
import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { defaultPortBase, type Installation, pathsOf } from "@/domain/installation";
import { readJson, writeAtomically } from "./atomic-file";
import type { ServerWishes } from "./servers";

/** What the user asked for at this `up`; undefined = as it was. */
export interface Wishes {
	readonly fleet?: number;
	readonly portBase?: number;
	readonly servers?: ServerWishes;
	/** More addresses for the relay; those of earlier times stay. */
	readonly relayAddresses?: readonly string[];
}

const letters = "abcdefghijklmnopqrstuvwxyz";
const idLength = 6;

/** 6 letters and digits that start with a letter: it is part of names of interfaces, networks and users. */
export function newInstallationId(random: (below: number) => number = randomInt): string {
	const alphabet = `${letters}0123456789`;
	const rest = Array.from({ length: idLength - 1 }, () => alphabet[random(alphabet.length)]);
	return `${letters[random(letters.length)]}${rest.join("")}`;
}

export function fleetNames(count: number): string[] {
	return Array.from({ length: count }, (_, index) => `h${index + 1}`);
}

/** The installation as it should be: what is kept, changed by the wishes. */
export function wishedInstallation(kept: Installation | null, wishes: Wishes, newId: () => string): Installation {
	const relayAddresses = [...new Set([...(kept?.relayAddresses ?? []), ...(wishes.relayAddresses ?? [])])];
	return {
		id: kept?.id ?? newId(),
		portBase: wishes.portBase ?? kept?.portBase ?? defaultPortBase,
		domain: kept?.domain ?? "localhost",
		fleet: wishes.fleet === undefined ? (kept?.fleet ?? []) : fleetNames(wishes.fleet),
		...(relayAddresses.length === 0 ? {} : { relayAddresses }),
	};
}

export function findInstallation(home: string): Installation | null {
	return readJson<Installation>(pathsOf(home).installation);
}

/** There while a restore is not whole: nothing of it may run by itself. */
export function restoringFile(home: string): string {
	return `${home}/.restoring`;
}

/** Folders that only their owner reads, and the secrets that are not there yet; nothing is ever made anew. */
export function writeInstallation(home: string, installation: Installation): void {
	const paths = pathsOf(home);
	for (const folder of [home, paths.logs, paths.run]) mkdirSync(folder, { recursive: true });
	mkdirSync(paths.secrets, { recursive: true, mode: 0o700 });
	chmodSync(paths.secrets, 0o700);
	writeSecret(paths.databasePassword, () => randomBytes(32).toString("base64url"));
	writeSecret(paths.authSecret, () => randomBytes(48).toString("base64url"));
	writeSecret(paths.apiToken, () => `sluice_${randomBytes(32).toString("base64url")}`);
	writeSecret(paths.administrator, () =>
		JSON.stringify({ email: "admin@sluice.localhost", password: randomBytes(18).toString("base64url") }),
	);
	writeAtomically(paths.installation, `${JSON.stringify(installation, null, "\t")}\n`);
}

function writeSecret(file: string, make: () => string): void {
	if (!existsSync(file)) writeAtomically(file, `${make()}\n`, 0o600);
}
