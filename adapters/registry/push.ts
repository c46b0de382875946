import type Docker from "dockerode";
import { AppError, messageOf } from "@/domain/errors";

interface Progress {
	readonly status?: string;
	readonly error?: string;
	readonly aux?: { readonly Digest?: string };
}

/** Pushes a local image into the registry at `host:port` and returns `repository@sha256:...`. Throws `not-found` and `unavailable`. */
export async function pushImage(
	docker: Docker,
	registry: string,
	image: string,
	repository: string,
	onProgress: (line: string) => void,
): Promise<string> {
	const local = docker.getImage(image);
	const { Id } = await local.inspect().catch((cause: unknown) => {
		throw new AppError("not-found", `The engine has no image ${image}: \`docker images\` lists what it has.`, { cause });
	});
	const tag = Id.replace(/^sha256:/, "").slice(0, 12);
	const name = `${registry}/${repository}`;
	await local.tag({ repo: name, tag });
	const target = docker.getImage(`${name}:${tag}`);
	try {
		// The API wants credentials, also where there are none.
		const stream = await target.push({ tag, authconfig: { username: "", password: "", serveraddress: registry } });
		const digest = await follow(docker, stream, onProgress);
		return `${repository}@${digest}`;
	} finally {
		await target.remove().catch((error: unknown) => onProgress(`the local tag ${name}:${tag} stays (${messageOf(error)})`));
	}
}

function follow(docker: Docker, stream: NodeJS.ReadableStream, onProgress: (line: string) => void): Promise<string> {
	return new Promise((resolve, reject) => {
		let digest: string | null = null;
		let failure: string | null = null;
		docker.modem.followProgress(
			stream,
			(error: Error | null) => {
				if (error || failure)
					reject(new AppError("unavailable", `The image cannot be pushed: ${error?.message ?? failure}`, { cause: error }));
				else if (digest) resolve(digest);
				else reject(new AppError("unavailable", "The registry took the image but told no digest: push it again."));
			},
			(event: Progress) => {
				digest = event.aux?.Digest ?? digest;
				failure = event.error ?? failure;
				if (event.status?.includes("digest")) onProgress(event.status);
			},
		);
	});
}
