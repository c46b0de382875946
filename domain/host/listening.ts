/** A TCP port that a program waits on for connections, within its container. */
export interface ListeningPort {
	readonly port: number;
	/** Only programs of the same container reach it. */
	readonly isLoopback: boolean;
}

/** Linux's word for a socket that waits for connections. */
const listen = "0A";
/** 127.0.0.11, on which the engine answers names in each container of a network of its own. */
const engineNames = "0B00007F";

/** What /proc/<pid>/net/tcp and tcp6 say, in the order of the ports. Lines that are none are left out. */
export function listeningPorts(...tables: readonly string[]): ListeningPort[] {
	const found = new Map<number, boolean>();
	for (const line of tables.flatMap((table) => table.split("\n"))) {
		const [, address = "", hex = "", state] =
			/^\s*\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) [0-9A-F:]+ ([0-9A-F]{2}) /.exec(line) ?? [];
		if (state !== listen || address === engineNames) continue;
		const port = Number.parseInt(hex, 16);
		found.set(port, isLoopback(address) && (found.get(port) ?? true));
	}
	return [...found].map(([port, isOwn]) => ({ port, isLoopback: isOwn })).sort((a, b) => a.port - b.port);
}

/** Words of four bytes, each with its last byte first: 127.0.0.0/8, ::1, and the first as IPv6 writes it. */
function isLoopback(address: string): boolean {
	const isOfIpv4 = address.length === 8 || address.startsWith("0000000000000000FFFF0000");
	return isOfIpv4 ? address.endsWith("7F") : address === "00000000000000000000000001000000";
}

/** Why proxies cannot reach what runs, from what its manifest says and what it does; null = it listens where it should. */
export function notListeningSentence(wanted: readonly number[], found: readonly ListeningPort[]): string | null {
	const open = found.filter(({ isLoopback }) => !isLoopback).map(({ port }) => port);
	const missing = wanted.find((port) => !open.includes(port));
	if (missing === undefined) return null;
	if (found.some(({ port }) => port === missing)) {
		return `it listens on port ${missing} of its own loopback address only, where no proxy reaches it: let it listen on 0.0.0.0`;
	}
	if (open.length > 0) return `it does not listen on TCP port ${missing}; it listens on ${open.slice(0, 10).join(", ")}`;
	return `it listens on no TCP port, and its manifest names ${missing}`;
}
