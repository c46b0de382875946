import type { CacheState } from "../obtain/cache";
import { type Check, ok, problem, warning } from "./check";

/** Below this `up` still starts, and a few builds later the disk is full. */
const comfortableBytes = 5_000_000_000;

export function judgeSpace(space: readonly { folder: string; bytes: number }[]): Check {
	const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
	const found = space.map(({ folder, bytes }) => `${gigabytes(bytes)} are free in ${folder}`).join(", ");
	if (space.every(({ bytes }) => bytes >= comfortableBytes)) return ok("disk", found);
	return warning(
		"disk",
		found,
		"Free some: `docker system df` shows what the engine holds, `sluice registry clean` removes images nothing needs.",
	);
}

export interface FileMode {
	readonly file: string;
	readonly mode: number;
	readonly uid: number;
}

/** Secrets are their owner's only. `uid` = whom this runs as. */
export function judgeSecrets(files: readonly FileMode[], uid: number): Check {
	const open = files.filter(({ mode }) => (mode & 0o077) !== 0).map(({ file }) => file);
	if (open.length > 0)
		return problem("secrets", `Others can read ${open.join(", ")}.`, `Run \`chmod go-rwx ${open.join(" ")}\`.`);
	const foreign = files.find((one) => one.uid !== uid);
	if (foreign)
		return problem("secrets", `${foreign.file} belongs to the user ${foreign.uid}.`, `Run \`chown -R ${uid} ${foreign.file}\`.`);
	return ok("secrets", files.length === 0 ? "there are none yet" : "only their owner reads them");
}

export interface Clocks {
	readonly machineMs: number;
	readonly otherMs: number;
	/** How long the question took. */
	readonly roundTripMs: number;
	/** Whose the other is. */
	readonly source: string;
}

/** A Date header counts whole seconds. */
const unnoticedMs = 5_000;
/** A certificate made now is not valid yet at a host that is a minute behind. */
const harmfulMs = 60_000;

export function judgeClock(clocks: Clocks | null): Check {
	if (clocks === null)
		return warning(
			"clock",
			"Nobody could be asked what time it is.",
			"Compare `date -u` with another clock when there is a network.",
		);
	const off = clocks.machineMs - clocks.otherMs;
	const size = Math.abs(off) - clocks.roundTripMs;
	if (size <= unnoticedMs) return ok("clock", `it agrees with ${clocks.source}`);
	const found = `This machine is ${Math.round(Math.abs(off) / 1000)} s ${off > 0 ? "ahead of" : "behind"} ${clocks.source}.`;
	const mend = "Run `timedatectl set-ntp true`, or set it with `date -u -s`; then run this again.";
	return size > harmfulMs ? problem("clock", found, mend) : warning("clock", found, mend);
}

export interface ProgramFact {
	readonly name: string;
	readonly folder: string;
	readonly state: CacheState;
	/** After a corrupt one was removed: null = it was fetched again; else why not. */
	readonly failure: string | null;
}

export function judgePrograms(programs: readonly ProgramFact[]): Check {
	const corrupt = programs.filter(({ state }) => state === "corrupt");
	const failed = corrupt.filter(({ failure }) => failure !== null);
	if (failed.length > 0)
		return problem(
			"programs",
			`${failed.map(({ name, failure }) => `${name} was not what had been fetched, was removed, and cannot be fetched again (${failure})`).join("; ")}.`,
			"See what `network` says above, then run `sluice up`.",
		);
	if (corrupt.length > 0)
		return warning(
			"programs",
			`${corrupt.map(({ name }) => name).join(", ")}: not what had been fetched any more; removed and fetched again.`,
			"Run `sluice up`: it starts them anew. When it happens again, look at the disk.",
		);
	const unknown = programs.filter(({ state }) => state === "unknown");
	if (unknown.length > 0)
		return warning(
			"programs",
			`${unknown.map(({ name }) => name).join(", ")}: fetched by an older version, which kept no checksums.`,
			`Nothing, while they work; else \`rm -r ${unknown.map(({ folder }) => folder).join(" ")}\` and \`sluice up\`.`,
		);
	const absent = programs.filter(({ state }) => state === "absent");
	return ok(
		"programs",
		absent.length === 0
			? "all are in the cache and as they were fetched"
			: `to be fetched by \`sluice up\`: ${absent.map(({ name }) => name).join(", ")}`,
	);
}

export interface RegistryAnswer {
	/** npm, pip, apt */
	readonly client: string;
	/** Where this machine's own settings send it: host and port only, never a user or a password. */
	readonly place: string;
	/** null = it answers. */
	readonly failure: string | null;
}

/** What is all here already needs no network. */
export function judgeNetwork(answers: readonly RegistryAnswer[], isSomethingMissing: boolean): Check {
	const silent = answers.filter(({ failure }) => failure !== null);
	if (silent.length === 0)
		return ok("network", answers.map(({ client, place }) => `${client} reaches ${place}`).join(", ") || "no client is set up");
	const found = `${silent.map(({ client, place, failure }) => `${client} does not reach ${place} (${failure})`).join("; ")}.`;
	const mend =
		"Check this machine's network, name service and proxy, and the settings of that client (`npm config list`, `pip config list`, /etc/apt).";
	return isSomethingMissing
		? problem("network", found, mend)
		: warning("network", `${found} Everything \`sluice up\` needs is here.`, mend);
}

export interface SetupFacts {
	readonly hasInstallation: boolean;
	/** Did an `up` here ever succeed, or get as far as a control plane? */
	readonly wasUp: boolean;
	readonly isSupervised: boolean;
	/** Components that run though no supervisor does. */
	readonly unwatched: readonly string[];
	/** Process id of another `sluice` that works on this home; null = none. */
	readonly worker: string | null;
	readonly isRestoring: boolean;
}

export function judgeSetup(facts: SetupFacts): Check {
	const { worker, unwatched } = facts;
	if (worker !== null) return ok("installation", `process ${worker} is working on it just now`);
	if (facts.isRestoring)
		return problem(
			"installation",
			"A restore was ended before it was whole.",
			"Run `sluice uninstall`, then `sluice restore` again.",
		);
	if (!facts.hasInstallation) return ok("installation", "there is none yet");
	if (facts.isSupervised) return ok("installation", "it runs");
	if (unwatched.length > 0)
		return problem(
			"installation",
			`Nobody watches over ${unwatched.join(", ")}: a set-up or a supervisor was killed.`,
			"Run `sluice up`: it takes them over; or `sluice down`.",
		);
	if (!facts.wasUp)
		return warning("installation", "A set-up was ended before it was whole.", "Run `sluice up`: it goes on where that ended.");
	return ok("installation", "it is down");
}

/** Half-made files of processes that were killed. */
export function judgeLeftovers(paths: readonly string[]): Check {
	if (paths.length === 0) return ok("leftovers", "none");
	return warning("leftovers", `Something that was killed left ${paths.join(", ")}.`, `Run \`rm -rf ${paths.join(" ")}\`.`);
}
