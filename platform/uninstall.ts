import { existsSync, rmSync } from "node:fs";
import { readServers } from "@/adapters/installation/servers";
import { AppError } from "@/domain/errors";
import { machineDirectory, portOf } from "@/domain/installation";
import { command, tryCommand } from "./command";
import { engineApi, engineAt, engineSocket } from "./docker-engine";
import { takeDown } from "./down";
import { findInstallation } from "./installation";
import { joinedElsewhere } from "./joined";
import { emptyEngine } from "./network";
import { cacheDirectory } from "./obtain/cache";
import { requireRoot } from "./preflight";
import { findRemains, mounts, orphansAmong, type Remain } from "./remains";

/** What is there to be removed; null = nothing is. */
export function toUninstall(home: string): { readonly id: string } | null {
	const installation = findInstallation(home);
	if (installation !== null) return { id: installation.id };
	return null;
}

/**
 * Ends the installation and removes everything of it: on the engine, in the network, under /var/lib and /run, and the
 * home. Safe to run again when it was ended in the middle: the home goes last. Returns what it left, as sentences.
 */
export async function uninstall(
	home: string,
	options: { readonly withCache: boolean; readonly withVolumes: boolean },
): Promise<string[]> {
	requireRoot(process.getuid?.());
	const installation = findInstallation(home);
	if (installation === null) throw new AppError("not-found", `There is no installation in ${home}: nothing to do.`);
	const joined = joinedElsewhere(home).map(({ name }) => name);
	if (joined.length > 0)
		throw new AppError(
			"not-allowed-now",
			`This machine is the host ${joined.join(", ")} of a control plane elsewhere: run \`sluice host leave ${joined[0]}\` first.`,
		);
	const { databaseUrl, temporalAddress } = readServers(home);
	await takeDown(home);
	await removeImages([portOf(installation.portBase, "forwarder"), portOf(installation.portBase, "registry")]);
	const volumes = await removeRemains(installation.id, options);
	rmSync(home, { recursive: true, force: true });
	if (options.withCache) rmSync(cacheDirectory(), { recursive: true, force: true });
	return [
		...volumesStay(volumes),
		"The machine's Docker Engine and the packages of the distribution stay: others may use them.",
		"The user postgres stays: other installations run as it.",
		...(options.withCache || !existsSync(cacheDirectory())
			? []
			: [`The programs in ${cacheDirectory()} stay: \`--with-cache\` removes them, too.`]),
		...(databaseUrl === null ? [] : ["The Postgres of DATABASE_URL keeps its data: drop the database yourself."]),
		...(temporalAddress === null ? [] : ["The Temporal of TEMPORAL_ADDRESS keeps its histories."]),
	];
}

/** What an installation left whose home is gone. Refused while something says that it is in use. Returns what it left, as sentences. */
export async function uninstallOrphan(id: string, home: string, options: { readonly withVolumes: boolean }): Promise<string[]> {
	requireRoot(process.getuid?.());
	const orphan = orphansAmong(await findRemains(engineSocket()), home).find(({ installation }) => installation === id);
	if (orphan === undefined)
		throw new AppError(
			"not-found",
			`Nothing of an installation ${id} without a home is on this machine: \`sluice doctor\` lists those there are.`,
		);
	return volumesStay(await removeRemains(id, options));
}

function volumesStay(volumes: readonly Remain[]): string[] {
	return volumes.map(
		({ name }) =>
			`The volume ${name} stays, with a service's data: \`docker volume rm ${name}\` or \`--with-volumes\` removes it.`,
	);
}

/** Images that were pulled through our forwarder or tagged for our registry: their names hold our ports. */
async function removeImages(ports: readonly number[]): Promise<void> {
	const socket = engineSocket();
	if ((await engineApi(socket)) === null) return;
	const engine = engineAt(socket);
	const isOurs = (name: string) => ports.some((port) => name.startsWith(`127.0.0.1:${port}/`));
	for (const image of await engine.listImages({ all: false })) {
		for (const name of new Set([...(image.RepoTags ?? []), ...(image.RepoDigests ?? [])].filter(isOurs))) {
			// Removes the name; the image too, unless it has another.
			await engine
				.getImage(name)
				.remove()
				.catch((error: unknown) => {
					// Gone already, or another's container runs on it.
					if (![404, 409].includes((error as { statusCode?: number }).statusCode ?? 0)) throw error;
				});
		}
	}
}

/** Returns the volumes with data that stay. Those of test hosts are in their engines' folders, and go with them. */
async function removeRemains(id: string, { withVolumes }: { readonly withVolumes: boolean }): Promise<Remain[]> {
	const socket = engineSocket();
	const all = (await findRemains(socket)).filter(({ installation }) => installation === id);
	if ((await engineApi(socket)) !== null) {
		const engine = engineAt(socket);
		await emptyEngine(engine, id);
		const leaving = of(all, "volume").filter(({ isData = false }) => withVolumes || !isData);
		for (const { name } of leaving) await engine.getVolume(name).remove({ force: true });
	}
	for (const { name } of of(all, "rule")) await tryCommand(["iptables", "-w", "-D", ...name.split(" ").slice(1)]);
	for (const { name } of of(all, "namespace")) await tryCommand(["ip", "netns", "del", name]);
	for (const { name } of of(all, "interface")) await tryCommand(["ip", "link", "del", name]);
	const folders = [machineDirectory(id), `/run/sluice/${id}`];
	for (const folder of folders) await unmountUnder(folder);
	for (const folder of folders) rmSync(folder, { recursive: true, force: true });
	const still = (await findRemains(socket)).filter(({ installation }) => installation === id);
	const kept = still.filter(({ isData = false }) => isData && !withVolumes);
	const left = still.filter((one) => !kept.includes(one));
	if (left.length > 0)
		throw new AppError(
			"unavailable",
			`Of the installation ${id} this cannot be removed: ${left.map(({ kind, name }) => `${kind} ${name}`).join(", ")}. See what uses it, then run this again.`,
		);
	return kept;
}

function of(remains: readonly Remain[], kind: Remain["kind"]): Remain[] {
	return remains.filter((one) => one.kind === kind);
}

/** Engines that were killed leave their containers' file systems mounted: to remove files through them would be wrong. */
async function unmountUnder(folder: string): Promise<void> {
	const inside = () => mounts().filter((place) => place.startsWith(`${folder}/`));
	for (const place of inside().reverse()) await tryCommand(["umount", place]);
	for (const place of inside().reverse()) await command(`Unmounting ${place}`, ["umount", "--lazy", place]);
}
