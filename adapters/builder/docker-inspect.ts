import { text } from "node:stream/consumers";
import type Docker from "dockerode";
import { extract } from "tar-stream";
import { buildLabel } from "@/adapters/builder/docker-run";
import type { ImageContents } from "@/adapters/builder/port";
import { messageOf } from "@/domain/errors";
import { labels } from "@/domain/names";
import type { FoundPackage } from "@/domain/provenance/model";
import { distinct, packagesOfDpkg, packagesOfGo, packagesOfNpm } from "@/domain/provenance/packages";

/** Of a file that is read whole; a program of Go with everything in it is smaller. */
const limitBytes = 256 * 1024 ** 2;

/** Reads an image's package databases out of a container that is never started. */
export async function dockerInspect(
	docker: Docker,
	installation: string,
	build: string,
	image: string,
	programs: readonly string[],
): Promise<ImageContents> {
	const { Config, Id } = await docker.getImage(image).inspect();
	const { Version: engine } = await docker.version();
	const container = await docker.createContainer({
		Image: image,
		// An image may name no program, and Docker wants one.
		Cmd: ["/none"],
		Labels: { [labels.installation]: installation, [labels.role]: "build", [buildLabel]: build },
	});
	const problems: string[] = [];
	const packages: FoundPackage[] = [];
	const read = async (path: string, parse: (content: Buffer) => FoundPackage[]): Promise<void> => {
		try {
			const content = await fileOf(container, path);
			if (content !== null) packages.push(...parse(content));
		} catch (error) {
			problems.push(`${path} could not be read: ${messageOf(error)}`);
		}
	};
	try {
		await read("/var/lib/dpkg/status", (content) => packagesOfDpkg(content.toString("utf8")));
		const folder = (Config.WorkingDir || "/").replace(/\/+$/, "");
		await read(`${folder}/node_modules/.package-lock.json`, (content) => packagesOfNpm(content.toString("utf8")));
		const [program] = [...entrypointOf(Config.Entrypoint), ...(Config.Cmd ?? [])];
		if (program?.startsWith("/")) await read(program, packagesOfGo);
		const present: string[] = [];
		for (const path of programs) if (await isThere(container, path)) present.push(path);
		return { id: Id, engine, packages: distinct(packages), present, problem: problems.join(" ") || null };
	} finally {
		await container.remove({ force: true, v: true }).catch(() => {});
	}
}

function entrypointOf(entrypoint: string | string[] | undefined): string[] {
	return entrypoint === undefined || entrypoint === null ? [] : [entrypoint].flat();
}

/** null = it has no such file, or it is no file. */
async function fileOf(container: Docker.Container, path: string): Promise<Buffer | null> {
	const archive = await container.getArchive({ path }).catch(orNull);
	if (archive === null) return null;
	const files = extract();
	archive.pipe(files);
	archive.on("error", (error) => files.destroy(error));
	for await (const entry of files) {
		if (entry.header.type !== "file") continue;
		if ((entry.header.size ?? 0) > limitBytes) throw new Error(`it is larger than ${limitBytes / 1024 ** 2} MB`);
		const chunks: Buffer[] = [];
		for await (const chunk of entry) chunks.push(chunk as Buffer);
		return Buffer.concat(chunks);
	}
	return null;
}

async function isThere(container: Docker.Container, path: string): Promise<boolean> {
	const answer = await container.infoArchive({ path }).catch(orNull);
	if (answer === null) return false;
	// The answer is in a header; the body is empty.
	await text(answer as NodeJS.ReadableStream).catch(() => "");
	return true;
}

function orNull(error: unknown): null {
	if ((error as { statusCode?: number }).statusCode === 404) return null;
	throw error;
}
