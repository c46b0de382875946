import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import { AppError, messageOf } from "@/domain/errors";
import type { VolumeFacts } from "@/platform/backup/database";
import { homeOf } from "../home";
import { tell } from "../output";

const leastCharacters = 12;

/** From a file, or with `-` from standard input; never an argument, as every user of the machine can read those. */
function readPassphrase(file: string | undefined): string | null {
	if (file === undefined) return null;
	let text: string;
	try {
		text = readFileSync(file === "-" ? 0 : file, "utf8").replace(/\r?\n$/, "");
	} catch (cause) {
		throw new AppError("not-found", `The passphrase cannot be read from ${file}: ${messageOf(cause)}.`, { cause });
	}
	if (text.length < leastCharacters)
		throw new AppError("invalid", `The passphrase has ${text.length} characters: it needs ${leastCharacters} or more.`);
	return text;
}

function wordsOf({ service, environment, name, host }: VolumeFacts): string {
	return `the volume ${name} of ${service} in ${environment}, on ${host}`;
}

export function register(program: Command): void {
	const passphrase = "--passphrase-file <file>";
	program
		.command("backup <file>")
		.description("write database, repositories, secrets and settings into one file, while everything goes on")
		.option("--with-images", "also the images; without them, services whose hosts are lost are built again")
		.option(passphrase, "seal it with the passphrase in this file (- = standard input)")
		.action(async (file: string, options: { withImages?: true; passphraseFile?: string }) => {
			const { backup } = await import("@/platform/backup/backup");
			const { underHomeLock } = await import("@/platform/home-lock");
			const secret = readPassphrase(options.passphraseFile);
			const wishes = { withImages: options.withImages ?? false, passphrase: secret };
			const target = resolve(file);
			const { bytes, volumes } = await underHomeLock(homeOf(), () => backup(homeOf(), target, wishes));
			tell(`${target} holds the installation (${(bytes / 1e6).toFixed(1)} MB), and was read again as it is.`);
			for (const one of volumes) tell(`Not in it: ${wordsOf(one)}. Save what it holds by that service's own means.`);
			if (secret === null) tell("It holds every secret as plain text, readable by you only: keep it as you keep a key.");
		});
	program
		.command("restore <file>")
		.description("make the installation of a backup anew, in an empty home on a machine that has nothing of it; then run it")
		.option(passphrase, "the passphrase it was sealed with (- = standard input)")
		.option(
			"--relay-address <address>",
			"at which hosts elsewhere reach this machine, instead of the old addresses; may be repeated",
			(address: string, before: readonly string[] = []) => [...before, address],
		)
		.option("--no-start", "do not run it: `sluice up` does it later")
		.action(async (file: string, options: { passphraseFile?: string; relayAddress?: readonly string[]; start: boolean }) => {
			const { restore } = await import("@/platform/backup/restore");
			const { underHomeLock } = await import("@/platform/home-lock");
			const wishes = { passphrase: readPassphrase(options.passphraseFile), relayAddresses: options.relayAddress };
			const { madeAt, hasImages, volumes } = await underHomeLock(homeOf(), () => restore(homeOf(), resolve(file), wishes));
			tell(`The installation is as it was on ${madeAt}; everyone who was let in or shut out since has to be again.`);
			if (!hasImages) tell("Images are not in the backup: what hosts do not have any more is to be pushed or built again.");
			for (const one of volumes)
				tell(`Not in the backup: ${wordsOf(one)}. Where that host has it still it is used; else it begins empty.`);
			tell("A host whose certificate was renewed since joins again: `sluice host token <name>`.");
			if (!options.start) return;
			const { bringUp } = await import("@/platform/up");
			await bringUp(homeOf(), {});
			tell("It runs. `sluice host list` shows which hosts are back.");
		});
}
