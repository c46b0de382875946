import Docker from "dockerode";
import { dockerBuild } from "@/adapters/builder/docker-build";
import { dockerImportFiles } from "@/adapters/builder/docker-import";
import { dockerInspect } from "@/adapters/builder/docker-inspect";
import { dockerPublish } from "@/adapters/builder/docker-publish";
import { dockerRun, removeBuildContainers } from "@/adapters/builder/docker-run";
import type { Builder, Resolution } from "@/adapters/builder/port";
import { AppError, messageOf } from "@/domain/errors";

const resolveDeadlineMs = 4_000;

/** The engine at a unix socket, with its own BuildKit. */
export function dockerBuilder(options: { readonly dockerHost: string; readonly installation: string }): Builder {
	const { dockerHost, installation } = options;
	if (!dockerHost.startsWith("unix://")) {
		throw new AppError("invalid", `DOCKER_HOST is ${dockerHost}: Sluice builds on an engine at a unix socket (unix:///...).`);
	}
	const docker = new Docker({ socketPath: dockerHost.slice("unix://".length) });
	return {
		build: (request, output, signal) => dockerBuild(dockerHost, request, output, signal),
		run: (request, output, signal) => wrapped(signal, dockerRun(docker, installation, request, output, signal)),
		publish: (tag, output, signal) => wrapped(signal, dockerPublish(docker, tag, output, signal)),
		clear: (build) => wrapped(null, removeBuildContainers(docker, installation, build)),
		async removeImage(image) {
			await docker
				.getImage(image)
				.remove()
				.catch(() => {});
		},
		inspect: (build, image, programs) => wrapped(null, dockerInspect(docker, installation, build, image, programs)),
		imageId: (reference) =>
			docker
				.getImage(reference)
				.inspect()
				.then(({ Id }) => Id)
				.catch(() => null),
		engine: () =>
			wrapped(
				null,
				docker.version().then(({ Version }) => Version),
			),
		importFiles: (reference, files) => wrapped(null, dockerImportFiles(docker, reference, files)),
		async resolve(image) {
			const asked = docker.getImage(image).distribution();
			const late = new Promise<never>((_, reject) => setTimeout(reject, resolveDeadlineMs, new Error("late")).unref());
			return Promise.race([asked, late]).then(() => "found", resolutionOf);
		},
	};
}

/** The engine passes on what a registry says; of a registry that it cannot reach it tells the attempt. */
function resolutionOf(error: unknown): Resolution {
	const { statusCode } = error as { statusCode?: number };
	const hasAnswered =
		[400, 401, 403, 404, 429].includes(statusCode ?? 0) || /toomanyrequests|denied|unauthorized/i.test(messageOf(error));
	return hasAnswered ? "refused" : "silent";
}

/** Docker's words become our error; an abort stays the abort. */
async function wrapped<T>(signal: AbortSignal | null, call: Promise<T>): Promise<T> {
	try {
		return await call;
	} catch (cause) {
		signal?.throwIfAborted();
		if (cause instanceof AppError) throw cause;
		throw new AppError("unavailable", `The Docker engine refused: ${messageOf(cause)}`, { cause });
	}
}
