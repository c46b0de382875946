import { readFileSync } from "node:fs";
import { isIPv4 } from "node:net";
import { z } from "zod";
import { AppError } from "@/domain/errors";

const schema = z.array(z.string().refine(isListenAddress)).min(1);

/** The addresses hosts reach the relay at. Never a wildcard: it would block its port on every virtual address. */
export function relayAddresses(home: string): string[] {
	const file = `${home}/relay-addresses.json`;
	const text = readIfThere(file);
	if (text === null) return ["127.0.0.1"];
	const parsed = schema.safeParse(parseJson(text));
	if (!parsed.success)
		throw new AppError("invalid", `${file} must be a list of IPv4 addresses of this machine, none of them 0.0.0.0.`);
	return [...new Set(parsed.data)];
}

function isListenAddress(address: string): boolean {
	return isIPv4(address) && address !== "0.0.0.0";
}

function readIfThere(file: string): string | null {
	try {
		return readFileSync(file, "utf8");
	} catch {
		return null;
	}
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}
