import { text } from "node:stream/consumers";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import type { ImportedFile } from "@/adapters/builder/port";
import { AppError } from "@/domain/errors";

/** An image of one layer with these files, made of a tar: no build, no base, no container. */
export async function dockerImportFiles(docker: Docker, reference: string, files: readonly ImportedFile[]): Promise<void> {
	const tar = pack();
	for (const { path, text: content, isProgram } of files) tar.entry({ name: path, mode: isProgram ? 0o755 : 0o644 }, content);
	tar.finalize();
	const [repo = "", tag = "latest"] = reference.split(":");
	// Its types tell of the form with a callback only.
	const stream = (await docker.importImage(tar as unknown as NodeJS.ReadableStream, { repo, tag })) as unknown;
	const answer = await text(stream as NodeJS.ReadableStream);
	// The engine says a failure in the stream's own lines, after its 200.
	const problem = /"error"\s*:\s*"([^"]*)"/.exec(answer)?.[1];
	if (problem !== undefined)
		throw new AppError("unavailable", `The files of the Dockerfile's heredocs cannot be imported: ${problem}`);
}
