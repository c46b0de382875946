import { existsSync } from "node:fs";
import { socketDirectory } from "@/domain/installation";
import { tryCommand } from "./command";

/** The agent's tmpfs with instances' secrets, once no container has a file of it mounted. */
export async function unmountSecrets(installation: string, host: string): Promise<void> {
	const folder = `${socketDirectory(installation, host)}/secrets`;
	if (existsSync(folder)) await tryCommand(["umount", folder]);
}
