import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import { AppError } from "@/domain/errors";

/** What is not the public internet (IANA's special-purpose registries), loopback and cloud metadata among it. */
const closed4 = [
	["0.0.0.0", 8],
	["10.0.0.0", 8],
	["100.64.0.0", 10],
	["127.0.0.0", 8],
	["169.254.0.0", 16],
	["172.16.0.0", 12],
	["192.0.0.0", 24],
	["192.0.2.0", 24],
	["192.88.99.0", 24],
	["192.168.0.0", 16],
	["198.18.0.0", 15],
	["198.51.100.0", 24],
	["203.0.113.0", 24],
	["224.0.0.0", 4],
	["240.0.0.0", 4],
] as const;
/** Of IPv6 only 2000::/3 is public; in it, tunnels that carry an IPv4 address, and documentation. */
const closed6 = [
	["2001::", 23],
	["2001:db8::", 32],
	["2002::", 16],
	["3fff::", 20],
] as const;

const closed = new BlockList();
for (const [network, prefix] of closed4) closed.addSubnet(network, prefix, "ipv4");
for (const [network, prefix] of closed6) closed.addSubnet(network, prefix, "ipv6");
const public6 = new BlockList();
public6.addSubnet("2000::", 3, "ipv6");

export function isPublic(address: string): boolean {
	const family = isIP(address);
	if (family === 4) return !closed.check(address, "ipv4");
	return family === 6 && public6.check(address, "ipv6") && !closed.check(address, "ipv6");
}

/** `10.1.0.0/16` and the like. Throws `invalid` for anything else. */
export function networksOf(texts: readonly string[]): BlockList {
	const networks = new BlockList();
	for (const text of texts) {
		const [network = "", prefix = "", ...rest] = text.split("/");
		const family = isIP(network);
		if (family === 0 || rest.length > 0 || !/^\d{1,3}$/.test(prefix) || Number(prefix) > (family === 4 ? 32 : 128)) {
			throw new AppError("invalid", `"${text}" is no network: write it as 10.1.0.0/16.`);
		}
		networks.addSubnet(network, Number(prefix), family === 4 ? "ipv4" : "ipv6");
	}
	return networks;
}

/**
 * The addresses of a host, each of them public or in a network that an operator has allowed. They are looked up once,
 * here, and the connection is pinned to them: a name that answers differently the next time leads nowhere else.
 */
export async function allowedAddresses(
	host: string,
	allowed: BlockList,
	lookUp = lookUpHost,
	asker = { who: "an import", file: "import.json" },
): Promise<readonly string[]> {
	const found = isIP(host) ? [host] : await lookUp(host);
	for (const address of found) {
		const isAllowed = isPublic(address) || allowed.check(address, isIP(address) === 4 ? "ipv4" : "ipv6");
		if (isAllowed) continue;
		const sentence = `${host} is ${address === host ? "" : `at ${address}, `}in a network of its own, which ${asker.who} must not reach: an operator can allow the network in ${asker.file}.`;
		throw new AppError("invalid", sentence);
	}
	return found;
}

export type LookUp = (host: string) => Promise<readonly string[]>;

/** As the machine's own programs would find it. */
export async function lookUpHost(host: string): Promise<readonly string[]> {
	try {
		return (await lookup(host, { all: true })).map(({ address }) => address);
	} catch (cause) {
		throw new AppError(
			"unavailable",
			`The name ${host} cannot be looked up: is it right, and does this machine reach its name server?`,
			{ cause },
		);
	}
}
