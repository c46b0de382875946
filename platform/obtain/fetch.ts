import { AppError } from "@/domain/errors";
import { type CommandOptions, tryCommand } from "../command";
import { cacheDirectory } from "./cache";

/** Runs a package client that fetches `what`; a failure says what mends it, then the client's last words. */
export async function fetchWith(
	client: "pip" | "apt",
	what: string,
	argv: readonly string[],
	options?: CommandOptions,
): Promise<void> {
	const { code, tail } = await tryCommand(argv, options);
	if (code !== 0) throw new AppError("unavailable", `${what} cannot be fetched with ${client}: ${wayOut(client, tail)}\n${tail}`);
}

function wayOut(client: "pip" | "apt", tail: string): string {
	if (/no space left on device/i.test(tail))
		return `the disk of ${cacheDirectory()} is full. Free some, or set XDG_CACHE_HOME to a folder on another one, then run this again. Its last words:`;
	if (/do not match the hashes|hash sum mismatch/i.test(tail))
		return `what came has another checksum, and was thrown away. Run this again; when it stays so, what ${client} is set to fetch from (\`sluice doctor\` names it) or a proxy before it gives a changed file: use another. Its last words:`;
	return "check this machine's network and that client's settings (`sluice doctor` says which registry is not reached), then run this again. Its last words:";
}
