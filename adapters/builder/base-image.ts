import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { caBundle } from "@/adapters/builder/base-image-certificates";
import { withFileLock } from "@/adapters/builder/base-image-lock";
import { recipeOf } from "@/adapters/builder/base-image-recipe";
import { makeRootfs } from "@/adapters/builder/base-image-rootfs";
import { baseImageTag } from "@/adapters/builder/base-image-tag";
import { followLine, MadeOnce, type Say, type WaitNews } from "@/adapters/builder/base-image-wait";
import { runProcess, systemEnvironment } from "@/adapters/builder/process";
import { AppError } from "@/domain/errors";
import { type BaseImageName, baseImageOf } from "@/domain/pipeline/base-image";

/**
 * A base for builds where no hub is reachable: Debian and a language's tools, made from the package registries. It is
 * named after what is in it, kept as a tar in the user's cache, and tagged in the engine that builds. Any number of
 * calls and processes may ask at once: one makes it, the others take it. Throws `unavailable` with the reason.
 */
export interface BaseImageOptions {
	/** node24 unless said otherwise. */
	readonly name?: BaseImageName;
	/** `unix:///...` */
	readonly dockerHost: string;
	/** `127.0.0.1:port`: the base is pushed there, too, so that the first push of each service only names its layer. */
	readonly registry?: string;
	readonly onProgress?: Say;
}

interface Wanted {
	readonly dockerHost: string;
	readonly name: BaseImageName;
	/** `sluice/base-go` */
	readonly repository: string;
	/** Named after what is in it. */
	readonly tag: string;
	/** The tar in the cache. */
	readonly file: string;
	readonly reference: string;
}

const made = new MadeOnce<{ reference: string }>();

export function ensureBaseImage(options: BaseImageOptions): Promise<{ reference: string }> {
	const key = `${options.dockerHost} ${options.name ?? "node24"}`;
	return made.ask(key, options.onProgress ?? (() => {}), (news) => ensure(options, news));
}

async function ensure(options: BaseImageOptions, news: WaitNews): Promise<{ reference: string }> {
	const { dockerHost, registry, name = "node24" } = options;
	const tag = await baseImageTag(name);
	const { repository } = baseImageOf(name);
	const reference = `${repository}:${tag}`;
	const file = `base-image-${name}-${process.arch}-${tag}.tar`;
	const wanted = { dockerHost, name, repository, tag, file, reference };
	if (!(await hasImage(dockerHost, reference))) await obtain(wanted, news);
	if (registry && !(await isInRegistry(registry, wanted))) {
		news.progress(`pushing ${reference} to the registry`);
		await pushImage(dockerHost, reference, `${registry}/${reference}`);
	}
	news.goOn(`The base image ${reference} is there; the step goes on.`);
	return { reference };
}

async function obtain(wanted: Wanted, news: WaitNews): Promise<void> {
	const { dockerHost, name, reference } = wanted;
	const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "sluice");
	mkdirSync(cache, { recursive: true });
	const tar = join(cache, wanted.file);
	const lock = `${tar}.lock`;
	const make = async (): Promise<void> => {
		if (!existsSync(tar)) {
			news.wait(`Waits for the base image ${reference}, which is being made: it takes minutes, once on this machine.`);
			// Into the lock, too: there other processes that wait for it read how far it is.
			await makeCached(tar, name, (line) => {
				writeFileSync(lock, line);
				news.progress(line);
			});
			writeFileSync(lock, "");
		}
		if (await hasImage(dockerHost, reference)) return;
		news.progress(`importing ${reference}`);
		await importImage(wanted, tar);
	};
	await withFileLock(lock, make, () => {
		news.wait(`Waits for the base image ${reference}, which is being made by another process of this machine.`);
		return followLine(lock, news.progress);
	});
}

async function isInRegistry(registry: string, { repository, tag }: Wanted): Promise<boolean> {
	const accept = "application/vnd.docker.distribution.manifest.v2+json";
	const address = `http://${registry}/v2/${repository}/manifests/${tag}`;
	const response = await fetch(address, { method: "HEAD", headers: { accept } }).catch(() => null);
	return response?.ok === true;
}

async function pushImage(dockerHost: string, reference: string, remote: string): Promise<void> {
	for (const argv of [
		["tag", reference, remote],
		["push", "--quiet", remote],
	]) {
		const { code, output } = await docker(dockerHost, argv);
		if (code !== 0) throw new AppError("unavailable", `The base image cannot be pushed to the registry: ${output.trim()}`);
	}
	await docker(dockerHost, ["rmi", remote]);
}

/** Built beside the cache and renamed, so a killed run never leaves half a tar under the final name. */
async function makeCached(tar: string, name: BaseImageName, onProgress: Say): Promise<void> {
	const folder = mkdtempSync(`${tar}.making-`);
	try {
		renameSync(await makeRootfs(folder, name, onProgress), tar);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

async function hasImage(dockerHost: string, reference: string): Promise<boolean> {
	const { code, output } = await docker(dockerHost, ["image", "inspect", "--format", "{{.Id}}", reference]);
	if (code === 0) return true;
	if (/no such image/i.test(output)) return false;
	throw new AppError("unavailable", `The Docker engine at ${dockerHost} does not answer: ${output.trim()}`);
}

async function importImage({ dockerHost, name, reference }: Wanted, tar: string): Promise<void> {
	const changes = [...recipeOf(name).changes, `ENV SSL_CERT_FILE=${caBundle}`].flatMap((change) => ["--change", change]);
	const { code, output } = await docker(dockerHost, ["import", ...changes, tar, reference]);
	if (code === 0) return;
	// A tar the engine refuses would be refused for ever: the next call makes it anew.
	rmSync(tar, { force: true });
	throw new AppError("unavailable", `The base image cannot be imported into ${dockerHost}: ${output.trim()}`);
}

function docker(dockerHost: string, argv: string[]): Promise<{ code: number; output: string }> {
	return runProcess(["/usr/bin/docker", ...argv], { env: systemEnvironment({ DOCKER_HOST: dockerHost }) });
}
