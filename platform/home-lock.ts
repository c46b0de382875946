import { fingerprintOf } from "./fingerprint";
import { underLock } from "./lock";

export function homeLock(home: string): string {
	return `sluice-home-${fingerprintOf(home)}`;
}

/** One `up` or `down` at a time for a home. */
export function underHomeLock<T>(home: string, work: () => Promise<T>): Promise<T> {
	const sentence = `Another \`sluice up\`, \`down\` or \`test\` works on ${home}: wait for it, then run this again.`;
	return underLock(homeLock(home), String(process.pid), sentence, work);
}
