import { createReadStream } from "node:fs";
import { text } from "node:stream/consumers";
import { type ListeningPort, listeningPorts } from "@/domain/host/listening";

/**
 * The kernel tells sockets that listen first (its documentation, networking/proc_net_tcp.rst). The table of a busy
 * service has thousands of connections behind them, which nobody needs at each look.
 */
const firstBytes = 64 * 1024;

/** Where a container listens, by the kernel's tables of its main process; null = it has ended, or they cannot be read. */
export async function readListening(pid: number): Promise<ListeningPort[] | null> {
	const read = (table: string) => text(createReadStream(`/proc/${pid}/net/${table}`, { end: firstBytes - 1 }));
	try {
		// Without IPv6 there is no second table.
		return listeningPorts(await read("tcp"), await read("tcp6").catch(() => ""));
	} catch {
		return null;
	}
}
