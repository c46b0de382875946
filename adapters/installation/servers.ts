import { readFileSync } from "node:fs";
import { pathsOf } from "@/domain/installation";

/** Servers of the user's own that this installation uses; null = the embedded one. */
export interface OwnServers {
	/** With its password, so this file is its owner's only and nothing of it goes anywhere else. */
	readonly databaseUrl: string | null;
	readonly temporalAddress: string | null;
	/** Another one with each change: it stands for the rest where the rest must not be. */
	readonly generation: string;
}

export const embeddedServers: OwnServers = { databaseUrl: null, temporalAddress: null, generation: "" };

/** As the last `up` that named some left it. */
export function readServers(home: string): OwnServers {
	try {
		return JSON.parse(readFileSync(pathsOf(home).servers, "utf8")) as OwnServers;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return embeddedServers;
		throw error;
	}
}
