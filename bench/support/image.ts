import { readdir, readFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type Docker from "dockerode";
import tar from "tar-stream";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Builds the bench's service as `tag` in the engine that builds. `baseImage` has Node. */
export async function buildBenchImage(docker: Docker, baseImage: string, tag: string, release: string): Promise<void> {
	const pack = tar.pack();
	pack.entry({ name: "Dockerfile" }, dockerfile(baseImage, release));
	pack.entry({ name: "server.mjs" }, await readFile(`${root}bench/service/server.mjs`));
	for (const file of await filesUnder(`${root}node_modules/ws`)) {
		pack.entry({ name: `node_modules/ws/${file}` }, await readFile(`${root}node_modules/ws/${file}`));
	}
	pack.finalize();
	const stream = await docker.buildImage(Readable.from(pack), { t: tag });
	await new Promise<void>((resolve, reject) => {
		docker.modem.followProgress(stream, (error: Error | null, events: { error?: string }[]) => {
			const failed = error?.message ?? events.find((event) => event.error)?.error;
			if (failed) reject(new Error(`building ${tag}: ${failed}`));
			else resolve();
		});
	});
}

function dockerfile(baseImage: string, release: string): string {
	return [
		`FROM ${baseImage}`,
		"WORKDIR /app",
		"COPY . .",
		`ENV RELEASE=${release} PORT=8080`,
		"EXPOSE 8080",
		'CMD ["node", "server.mjs"]',
		"",
	].join("\n");
}

async function filesUnder(folder: string): Promise<string[]> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	return entries.filter((entry) => entry.isFile()).map((entry) => `${entry.parentPath}/${entry.name}`.slice(folder.length + 1));
}
