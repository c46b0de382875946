import { fingerprintOf } from "./fingerprint";
import { underLock } from "./lock";

/** One `up` or `down` at a time for a home. */
export function underHomeLock<T>(home: string, work: () => Promise<T>): Promise<T> {
	const sentence = `Another \`sluice up\`, \`down\` or \`test\` works on ${home}: wait for it, then run this again.`;
	return underLock(`sluice-home-${fingerprintOf(home)}`, String(process.pid), sentence, work);
}
