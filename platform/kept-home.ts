import { existsSync, readFileSync } from "node:fs";
import { machineDirectory } from "@/domain/installation";
import { writeAtomically } from "./atomic-file";

function homeFile(installation: string): string {
	return `${machineDirectory(installation)}/home`;
}

/** So that what is left of a home that is gone can be told from what is in use. */
export function recordHome(home: string, installation: string): void {
	writeAtomically(homeFile(installation), `${home}\n`);
}

/** Where the installation's home was when it last came up; null = nobody wrote it down. */
export function keptHome(installation: string): string | null {
	const file = homeFile(installation);
	return existsSync(file) ? readFileSync(file, "utf8").trim() : null;
}
