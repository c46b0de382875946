import { readJson, writeAtomically } from "../atomic-file";

/** The relay listens on these; it reads the file when it starts. */
export function relayAddresses(home: string): readonly string[] {
	return readJson<string[]>(`${home}/relay-addresses.json`) ?? ["127.0.0.1"];
}

export function writeRelayAddresses(home: string, addresses: readonly string[]): void {
	writeAtomically(`${home}/relay-addresses.json`, JSON.stringify([...new Set(addresses)]));
}
