import { readFileSync } from "node:fs";
import { AppError, messageOf } from "@/domain/errors";

/** Throws `invalid`. */
export function readManifest(file: string): string {
	try {
		return readFileSync(file, "utf8");
	} catch (cause) {
		throw new AppError("invalid", `The manifest ${file} cannot be read (${messageOf(cause)}): name it with -f.`, { cause });
	}
}
