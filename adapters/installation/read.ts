import { readFileSync } from "node:fs";
import { AppError } from "@/domain/errors";
import { type Installation, pathsOf } from "@/domain/installation";

/** The installation in a home, as `sluice up` wrote it. Throws `unavailable` when the home has none. */
export function readInstallation(home: string): Installation {
	const file = pathsOf(home).installation;
	try {
		return JSON.parse(readFileSync(file, "utf8")) as Installation;
	} catch (cause) {
		throw new AppError("unavailable", `There is no installation in ${home}: run \`sluice up\` first.`, { cause });
	}
}

/** A secret's file, without its line end. Throws `unavailable`. */
export function readSecret(file: string): string {
	try {
		return readFileSync(file, "utf8").trimEnd();
	} catch (cause) {
		throw new AppError("unavailable", `The secret ${file} cannot be read: run \`sluice up\` as its owner.`, { cause });
	}
}
