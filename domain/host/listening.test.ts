import { expect, test } from "vitest";
import { listeningPorts, notListeningSentence } from "@/domain/host/listening";

/** As Linux 6.1 wrote it in a container: the engine's names, a program on all addresses, one on loopback, a connection. */
const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0B00007F:A6FD 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 91531 1 0000000000000000 100 0 0 10 0
   1: 00000000:26AA 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 91533 1 0000000000000000 100 0 0 10 0
   2: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 91534 1 0000000000000000 100 0 0 10 0
   3: 020012AC:8F5C 030012AC:1538 01 00000000:00000000 02:00000A21 00000000  1000        0 91540 2 0000000000000000 20 4 30 10 -1
`;
const tcp6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 91535 1 0000000000000000 100 0 0 10 0
   1: 00000000000000000000000001000000:0BB8 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 91536 1 0000000000000000 100 0 0 10 0
   2: 0000000000000000FFFF00000100007F:0FA0 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 91537 1 0000000000000000 100 0 0 10 0
   3: 0000000000000000FFFF0000020012AC:1388 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 91538 1 0000000000000000 100 0 0 10 0
`;

test("the ports that wait for connections are read, and whether others reach them", () => {
	expect(listeningPorts(tcp, tcp6)).toEqual([
		{ port: 80, isLoopback: false },
		{ port: 3000, isLoopback: true },
		{ port: 4000, isLoopback: true },
		{ port: 5000, isLoopback: false },
		{ port: 8080, isLoopback: true },
		{ port: 9898, isLoopback: false },
	]);
	expect(listeningPorts("", "no such table\n 0: x:y")).toEqual([]);
});

test("a port on loopback and on another address is reached", () => {
	const both = tcp6.replace(":0BB8", ":0050");
	expect(listeningPorts(both)).toContainEqual({ port: 80, isLoopback: false });
});

test.each<[number[], string | null]>([
	[[9898], null],
	[[], null],
	[[8080], "it listens on port 8080 of its own loopback address only, where no proxy reaches it: let it listen on 0.0.0.0"],
	[[9898, 8081], "it does not listen on TCP port 8081; it listens on 9898"],
])("of a container that should listen on %j is said: %s", (wanted, said) => {
	expect(notListeningSentence(wanted, listeningPorts(tcp))).toBe(said);
});

test("of one that listens nowhere the manifest's port is named", () => {
	expect(notListeningSentence([8080], [])).toBe("it listens on no TCP port, and its manifest names 8080");
});
