import type Docker from "dockerode";
import type { Output } from "@/adapters/builder/port";
import { AppError } from "@/domain/errors";

interface PushProgress {
	readonly id?: string;
	readonly status?: string;
	readonly error?: string;
	readonly aux?: { readonly Digest?: string };
}

/** Pushes the tag and believes the registry, not the client: the digest is the one it answers for the tag. */
export async function dockerPublish(
	docker: Docker,
	tag: string,
	output: Output,
	signal: AbortSignal,
): Promise<{ digest: string }> {
	const stream = await docker.getImage(tag).push({ authconfig: { serveraddress: tag.split("/")[0] ?? "" }, abortSignal: signal });
	const pushed = await new Promise<string | null>((resolve, reject) => {
		let digest: string | null = null;
		docker.modem.followProgress(
			stream,
			(error) => (error ? reject(error) : resolve(digest)),
			(line: PushProgress) => {
				digest = line.aux?.Digest ?? digest;
				if (line.error) reject(new AppError("unavailable", `${tag} cannot be pushed: ${line.error}`));
				if (line.status && line.status !== "Pushing") output(`${line.id ? `${line.id}: ` : ""}${line.status}\n`);
			},
		);
	});
	signal.throwIfAborted();
	const held = await registryDigest(tag, signal);
	if (pushed === null || pushed !== held) {
		throw new AppError(
			"unavailable",
			`The registry holds ${held} for ${tag}, but ${pushed ?? "nothing"} was pushed: somebody pushes the same tag.`,
		);
	}
	return { digest: held };
}

async function registryDigest(tag: string, signal: AbortSignal): Promise<string> {
	const match = /^([^/]+)\/(.+):([^:/]+)$/.exec(tag);
	if (!match) throw new AppError("internal", `"${tag}" is not an image in a registry.`);
	const [, registry, repository, name] = match;
	const accept = "application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json";
	const response = await fetch(`http://${registry}/v2/${repository}/manifests/${name}`, {
		method: "HEAD",
		headers: { accept },
		signal,
	});
	const digest = response.headers.get("docker-content-digest");
	if (!response.ok || !digest)
		throw new AppError("unavailable", `The registry does not have ${tag} after the push (${response.status}).`);
	return digest;
}
