import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { withFileLock } from "@/adapters/builder/base-image-lock";
import { hostCertificates, makeRootfs, npmPackage, pinnedNode, recipe } from "@/adapters/builder/base-image-rootfs";
import { runProcess, systemEnvironment } from "@/adapters/builder/process";
import { AppError } from "@/domain/errors";

/**
 * The base for builds where no hub is reachable: Debian, Node 24 and npm, made from the package registries. It is
 * named after what is in it, kept as a tar in the user's cache, and tagged in the engine that builds. Any number of
 * calls and processes may ask at once: one makes it, the others take it. Throws `unavailable` with the reason.
 */
export interface BaseImageOptions {
	/** `unix:///...` */
	readonly dockerHost: string;
	/** `127.0.0.1:port`: the base is pushed there, too, so that the first push of each service only names its layer. */
	readonly registry?: string;
	readonly onProgress?: (line: string) => void;
}

const repository = "sluice/base-node24";
const running = new Map<string, Promise<{ reference: string }>>();

export function ensureBaseImage(options: BaseImageOptions): Promise<{ reference: string }> {
	const current = running.get(options.dockerHost);
	if (current) return current;
	const started = ensure(options).finally(() => running.delete(options.dockerHost));
	running.set(options.dockerHost, started);
	return started;
}

async function ensure({ dockerHost, registry, onProgress = () => {} }: BaseImageOptions): Promise<{ reference: string }> {
	const content = contentHash();
	const reference = `${repository}:${content}`;
	if (!(await hasImage(dockerHost, reference))) await obtain(dockerHost, reference, content, onProgress);
	if (registry && !(await isInRegistry(registry, content))) {
		onProgress(`pushing ${reference} to the registry`);
		await pushImage(dockerHost, reference, `${registry}/${reference}`);
	}
	return { reference };
}

async function obtain(dockerHost: string, reference: string, content: string, onProgress: (line: string) => void): Promise<void> {
	const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "sluice");
	mkdirSync(cache, { recursive: true });
	const tar = join(cache, `base-image-node24-${process.arch}-${content}.tar`);
	await withFileLock(`${tar}.lock`, async () => {
		if (!existsSync(tar)) await makeCached(tar, onProgress);
		if (await hasImage(dockerHost, reference)) return;
		onProgress(`importing ${reference}`);
		await importImage(dockerHost, tar, reference);
	});
}

async function isInRegistry(registry: string, tag: string): Promise<boolean> {
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
async function makeCached(tar: string, onProgress: (line: string) => void): Promise<void> {
	const folder = mkdtempSync(`${tar}.making-`);
	try {
		renameSync(await makeRootfs(folder, onProgress), tar);
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

async function importImage(dockerHost: string, tar: string, reference: string): Promise<void> {
	const bundle = "/etc/ssl/certs/ca-certificates.crt";
	const changes = [
		"ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		`ENV NODE_EXTRA_CA_CERTS=${bundle} SSL_CERT_FILE=${bundle}`,
		'CMD ["node"]',
	].flatMap((change) => ["--change", change]);
	const { code, output } = await docker(dockerHost, ["import", ...changes, tar, reference]);
	if (code === 0) return;
	// A tar the engine refuses would be refused for ever: the next call makes it anew.
	rmSync(tar, { force: true });
	throw new AppError("unavailable", `The base image cannot be imported into ${dockerHost}: ${output.trim()}`);
}

function docker(dockerHost: string, argv: string[]): Promise<{ code: number; output: string }> {
	return runProcess(["/usr/bin/docker", ...argv], { env: systemEnvironment({ DOCKER_HOST: dockerHost }) });
}

function contentHash(): string {
	const parts = [String(recipe), process.arch, pinnedNode().version, npmPackage.integrity];
	return createHash("sha256").update(parts.join("\n")).update(hostCertificates()).digest("hex").slice(0, 12);
}
