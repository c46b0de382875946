import { readFileSync } from "node:fs";
import { tryCommand } from "./command";

/**
 * Unmounts what is mounted at this folder and below: the agent's tmpfs with secrets, and what an engine that was killed
 * left behind (its folder bound to itself, its containers' layers). For when nobody uses it any more.
 */
export async function unmountUnder(folder: string): Promise<void> {
	const targets = mountTargets(readFileSync("/proc/self/mountinfo", "utf8"));
	const own = targets.filter((target) => target === folder || target.startsWith(`${folder}/`));
	// The last mounted first: mounts lie upon each other.
	for (const target of own.reverse()) await tryCommand(["umount", target]);
}

/** In the order in which they were mounted; spaces and the like are written as octal numbers there. */
export function mountTargets(mountinfo: string): string[] {
	return mountinfo
		.split("\n")
		.filter((line) => line !== "")
		.map((line) => line.split(" ")[4] ?? "")
		.map((target) => target.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))));
}
