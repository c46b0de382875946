import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import Docker from "dockerode";
import tar from "tar-stream";
import { ensureBaseImage } from "@/adapters/builder/base-image";

const run = promisify(execFile);

/** What redis-server of Debian bookworm needs that a base image lacks. */
const packages = [
	"redis-server",
	"redis-tools",
	"libjemalloc2",
	"liblua5.1-0",
	"liblzf1",
	"lua-bitop",
	"lua-cjson",
	"libatomic1",
];

/** A real Redis for a machine that reaches no hub: Debian's own, on our base image. Each `tag` is an image of its own. */
export async function makeRedisImages(tags: readonly string[]): Promise<void> {
	const docker = new Docker();
	const base = await ensureBaseImage({ dockerHost: "unix:///var/run/docker.sock", onProgress: () => {} });
	const folder = mkdtempSync(`${tmpdir()}/sluice-redis-`);
	try {
		await run("apt-get", ["download", "-qq", "-o", "APT::Sandbox::User=root", ...packages], { cwd: folder });
		for (const file of readdirSync(folder)) await run("dpkg-deb", ["-x", `${folder}/${file}`, `${folder}/root`]);
		const { stdout } = await run("tar", ["--create", "--directory", `${folder}/root`, "usr/bin", "usr/lib"], {
			encoding: "buffer",
			maxBuffer: 256 * 1024 ** 2,
		});
		for (const tag of tags) await build(docker, tag, stdout, base.reference);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

async function build(docker: Docker, tag: string, files: Buffer, base: string): Promise<void> {
	const context = tar.pack();
	const words = ["redis-server", "--dir", "/data", "--appendonly", "yes", "--protected-mode", "no", "--bind", "0.0.0.0"];
	const lines = [`FROM ${base}`, "ADD files.tar /", `LABEL version=${tag}`, "WORKDIR /data", `CMD ${JSON.stringify(words)}`, ""];
	context.entry({ name: "Dockerfile" }, lines.join("\n"));
	context.entry({ name: "files.tar" }, files);
	context.finalize();
	const stream = await docker.buildImage(Readable.from(context), { t: tag });
	await new Promise<void>((resolve, reject) => {
		docker.modem.followProgress(stream, (error: Error | null, events: { error?: string }[]) => {
			const failed = error?.message ?? events.find((event) => event.error)?.error;
			if (failed) reject(new Error(`building ${tag}: ${failed}`));
			else resolve();
		});
	});
}
