import { readFile } from "node:fs/promises";
import { type ListeningPort, listeningPorts } from "@/domain/host/listening";

/** Where a container listens, by the kernel's tables of its main process; null = it has ended, or they cannot be read. */
export async function readListening(pid: number): Promise<ListeningPort[] | null> {
	const read = (table: string) => readFile(`/proc/${pid}/net/${table}`, "utf8");
	try {
		// Without IPv6 there is no second table.
		return listeningPorts(await read("tcp"), await read("tcp6").catch(() => ""));
	} catch {
		return null;
	}
}
